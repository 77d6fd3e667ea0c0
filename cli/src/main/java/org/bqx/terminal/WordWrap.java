package org.bqx.terminal;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;

/** Lines of text for a screen that is narrower than they are. */
public final class WordWrap {
  private WordWrap() {}

  /**
   * Returns a line as lines of at most so many columns, broken between words; a word that is longer
   * is broken where it must be.
   *
   * @param indent of all but the first, where there is room for it
   */
  public static List<AttributedString> of(AttributedString line, int columns, int indent) {
    int margin = 2 * indent < columns ? indent : 0;
    List<AttributedString> lines = new ArrayList<>();
    int from = 0;
    int room = columns;
    while (line.length() - from > room) {
      int end = breakBefore(line, from, from + room);
      lines.add(indented(line.subSequence(from, end), lines.isEmpty() ? 0 : margin));
      from = end;
      while (from < line.length() && line.charAt(from) == ' ') {
        from++;
      }
      room = columns - margin;
    }
    if (from < line.length() || lines.isEmpty()) {
      lines.add(indented(line.subSequence(from, line.length()), lines.isEmpty() ? 0 : margin));
    }
    return lines;
  }

  /** Returns where the last word ends that fits, or {@code limit} when not even one does. */
  private static int breakBefore(AttributedString line, int from, int limit) {
    for (int end = limit; end > from; end--) {
      if (line.charAt(end) == ' ' && line.charAt(end - 1) != ' ') {
        return end;
      }
    }
    return limit;
  }

  private static AttributedString indented(AttributedString line, int margin) {
    return margin == 0
        ? line
        : AttributedString.join(
            AttributedString.EMPTY, new AttributedString(" ".repeat(margin)), line);
  }
}
