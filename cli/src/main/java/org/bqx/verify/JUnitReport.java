package org.bqx.verify;

import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.bqx.failure.GivenFile;
import org.bqx.terminal.Quantity;

/**
 * A verification as JUnit XML, the format that CI systems read: a test case for each partition and
 * one, named {@code range}, for what no partition shows alone.
 */
public final class JUnitReport {
  private static final String SUITE = "bqx verify";

  private JUnitReport() {}

  /**
   * A test case.
   *
   * @param className what it is about, below the suite's name
   * @param name its name
   * @param differences each in one line; none for a test that passed
   * @param error why it was not run to its end; null if it was
   */
  public record Case(String className, String name, List<String> differences, String error) {
    /** Copies the list. */
    public Case {
      differences = List.copyOf(differences);
    }
  }

  /**
   * Writes the report of a verification, over a file that is there.
   *
   * @param text a finding as one line
   */
  public static void write(Path file, VerifyOutcome outcome, Function<Finding, String> text) {
    List<Case> cases = new ArrayList<>();
    for (PartitionCheck check : outcome.partitions()) {
      cases.add(
          new Case(
              check.partition().family(),
              check.partition().pair() + " " + check.partition().month(),
              check.differences().stream().map(text).toList(),
              check.error()));
    }
    int unread = outcome.planned() - outcome.partitions().size();
    cases.add(
        new Case(
            "range",
            "range",
            outcome.differences().stream().map(text).toList(),
            unread == 0 ? null : Quantity.of(unread, "partition") + " not checked, interrupted"));
    write(file, SUITE, outcome.planned() + 1, outcome.uncheckedCount(), cases);
  }

  /**
   * Writes a report, over a file that is there.
   *
   * @param suite its name
   */
  public static void write(Path file, String suite, List<Case> cases) {
    write(
        file,
        suite,
        cases.size(),
        (int) cases.stream().filter(one -> one.error() != null).count(),
        cases);
  }

  private static void write(Path file, String suite, int tests, int errors, List<Case> cases) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", suite);
      xml.writeAttribute("tests", String.valueOf(tests));
      xml.writeAttribute(
          "failures",
          String.valueOf(cases.stream().filter(one -> !one.differences().isEmpty()).count()));
      xml.writeAttribute("errors", String.valueOf(errors));
      for (Case one : cases) {
        testCase(xml, suite, one);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException unwritable) {
      // Into memory.
      throw new IllegalStateException(unwritable);
    }
    GivenFile.write(file, text.toString());
  }

  private static void testCase(XMLStreamWriter xml, String suite, Case one)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", suite + "." + one.className());
    xml.writeAttribute("name", one.name());
    if (one.error() != null) {
      xml.writeStartElement("error");
      xml.writeAttribute("message", printable(one.error()));
      xml.writeEndElement();
    }
    if (!one.differences().isEmpty()) {
      xml.writeStartElement("failure");
      xml.writeAttribute("message", Quantity.of(one.differences().size(), "difference"));
      xml.writeCharacters(printable(String.join("\n", one.differences())));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  /** XML 1.0 has no way to write most control characters. */
  private static String printable(String text) {
    return text.replaceAll("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD]", "\uFFFD");
  }
}
