package org.bqx.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.junit.jupiter.api.Test;

class WordWrapTest {
  @Test
  void linesBreakBetweenWords() {
    assertThat(wrap("one two three four", 9, 2)).containsExactly("one two", "  three", "  four");
    assertThat(wrap("one two three", 13, 2)).containsExactly("one two three");
  }

  @Test
  void aWordThatIsTooLongBreaksWhereItMust() {
    assertThat(wrap("a abcdefghij", 5, 2)).containsExactly("a", "  abc", "  def", "  ghi", "  j");
  }

  @Test
  void anIndentThatLeavesNoRoomIsLeftOut() {
    assertThat(wrap("one two", 4, 9)).containsExactly("one", "two");
  }

  @Test
  void anEmptyLineStays() {
    assertThat(wrap("", 9, 2)).containsExactly("");
  }

  @Test
  void colourGoesOnInTheNextLine() {
    List<AttributedString> lines =
        WordWrap.of(new AttributedString("one two", AttributedStyle.BOLD), 4, 0);
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.styleAt(0)).isEqualTo(AttributedStyle.BOLD));
  }

  private static List<String> wrap(String text, int columns, int indent) {
    return WordWrap.of(new AttributedString(text), columns, indent).stream()
        .map(AttributedString::toString)
        .toList();
  }
}
