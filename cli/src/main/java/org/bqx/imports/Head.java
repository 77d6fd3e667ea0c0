package org.bqx.imports;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** A file's first lines, from which its format is told. */
final class Head {
  private static final int LINES = 20;
  private static final Pattern LINE_END = Pattern.compile("\\R");

  private final List<String> lines;
  private final boolean empty;

  /**
   * @param bytes how the file begins
   * @param whole whether that is all of it: if not, the last line may be cut and is left out
   */
  Head(byte[] bytes, boolean whole) {
    this(bytes, whole, LINES);
  }

  /**
   * @param most how many lines at most
   */
  Head(byte[] bytes, boolean whole, int most) {
    empty = bytes.length == 0;
    String text = new String(bytes, charset(bytes)).replaceFirst("^\uFEFF", "");
    List<String> all =
        LINE_END.splitAsStream(text).map(Head::trimmed).filter(line -> !line.isEmpty()).toList();
    lines = all.subList(0, Math.min(most, whole ? all.size() : Math.max(1, all.size() - 1)));
  }

  /** Returns whether there is no byte at all. */
  boolean isEmpty() {
    return empty;
  }

  List<String> lines() {
    return lines;
  }

  /** Returns the first line, empty where there is none. */
  String first() {
    return lines.isEmpty() ? "" : lines.get(0);
  }

  /** Returns whether a line begins like this: not the first alone, which may be the bad one. */
  boolean hasLine(Pattern begin) {
    return lines.stream().anyMatch(line -> begin.matcher(line).lookingAt());
  }

  /** Takes blanks off, not the tabs that delimit empty columns. */
  private static String trimmed(String line) {
    return line.isBlank() ? "" : line.replaceFirst("[ \\x1a]+$", "");
  }

  private static Charset charset(byte[] bytes) {
    if (bytes.length >= 2 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe) {
      return StandardCharsets.UTF_16LE;
    }
    if (bytes.length >= 2 && bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff) {
      return StandardCharsets.UTF_16BE;
    }
    return StandardCharsets.UTF_8;
  }
}
