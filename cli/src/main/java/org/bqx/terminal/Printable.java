package org.bqx.terminal;

import java.util.Locale;

/** Text from files and their names, made harmless for a terminal and a line of its own. */
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

  /** Returns {@link #of} in double quotes, cut where it is long. */
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
