package org.bqx.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class BenchPictureTest {
  /** A letter of 13 pixels is narrower than this on average, in any sans-serif font. */
  private static final double LETTER = 7.5;

  @TempDir private Path folder;

  @Test
  void barsAreAsLongAsWhatTheyStandFor() throws Exception {
    List<Integer> widths =
        numbers(draw(Reports.withoutRivals()).getElementsByTagName("rect"), "width");
    assertThat(widths).hasSize(3 + 4);
    int floor = widths.get(0);
    int copy = widths.get(1);
    int ours = widths.get(2);
    assertThat((double) copy / floor).isBetween(1.98, 2.02);
    assertThat((double) ours / floor).isBetween(1.18, 1.22);
    assertThat((double) widths.get(3) / widths.get(4)).isBetween(0.65, 0.68);
  }

  @Test
  void rivalsHaveAPanelOfTheirOwn() throws Exception {
    Document picture = draw(Reports.withRivals());
    assertThat(picture.getElementsByTagName("rect").getLength()).isEqualTo(3 + 2 + 4);
    assertThat(picture.getDocumentElement().getTextContent())
        .contains("SQL window functions, family bqx", "50.0 ×");
  }

  @Test
  void everythingLiesWithinThePicture() throws Exception {
    Document picture = draw(Reports.withRivals());
    Element svg = picture.getDocumentElement();
    int width = Integer.parseInt(svg.getAttribute("width"));
    int height = Integer.parseInt(svg.getAttribute("height"));
    NodeList texts = picture.getElementsByTagName("text");
    assertThat(numbers(texts, "y")).allMatch(y -> y < height);
    for (int i = 0; i < texts.getLength(); i++) {
      Element text = (Element) texts.item(i);
      assertThat(Integer.parseInt(text.getAttribute("x")) + text.getTextContent().length() * LETTER)
          .as(text.getTextContent())
          .isLessThan(width);
    }
    NodeList bars = picture.getElementsByTagName("rect");
    for (int i = 0; i < bars.getLength(); i++) {
      Element bar = (Element) bars.item(i);
      assertThat(
              Integer.parseInt(bar.getAttribute("x")) + Integer.parseInt(bar.getAttribute("width")))
          .isLessThan(width);
    }
  }

  @Test
  void namesAreEscapedAndDarkPagesThoughtOf() throws Exception {
    Path file = folder.resolve("picture.svg");
    BenchPicture.write(file, Reports.withRivals());
    assertThat(Files.readString(file))
        .contains("Example &amp; Sons &lt;x86&gt;")
        .contains("prefers-color-scheme: dark");
  }

  private Document draw(BenchReport report) throws Exception {
    Path file = folder.resolve("picture.svg");
    BenchPicture.write(file, report);
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
  }

  private static List<Integer> numbers(NodeList elements, String attribute) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < elements.getLength(); i++) {
      numbers.add(Integer.valueOf(((Element) elements.item(i)).getAttribute(attribute)));
    }
    return numbers;
  }
}
