package org.bqx.terminal;

import java.util.Locale;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;

/**
 * Text from files, their names, arguments and the server, made harmless for a terminal: no escape
 * sequence, no text that runs backwards, no line that seems to be another message.
 */
public final class Printable {
  private static final int QUOTED = 60;

  private Printable() {}

  /** Returns the text with control and format characters as {@code \}{@code uXXXX}. */
  public static String of(String text) {
    if (text.codePoints().allMatch(Printable::isHarmless)) {
      return text;
    }
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isHarmless(c)) {
                printable.appendCodePoint(c);
              } else {
                printable.append(String.format(Locale.ROOT, "\\u%04x", c));
              }
            });
    return printable.toString();
  }

  /** Returns a line as it is when it is harmless, else {@link #of} its text without colours. */
  public static AttributedString of(AttributedString line) {
    String text = line.toString();
    String printable = of(text);
    return printable.equals(text) ? line : new AttributedString(printable);
  }

  /**
   * Returns {@link #of(String)} of each line; those after the first are indented, as no message's
   * first is.
   */
  public static String lines(String text) {
    return text.lines().map(Printable::of).collect(Collectors.joining("\n  "));
  }

  /** Returns {@link #of(String)} in double quotes, cut where it is long. */
  public static String quoted(String text) {
    int end =
        text.codePointCount(0, text.length()) <= QUOTED
            ? text.length()
            : text.offsetByCodePoints(0, QUOTED);
    return '"' + of(text.substring(0, end)) + (end < text.length() ? "…\"" : "\"");
  }

  private static boolean isHarmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
