package org.bqx.imports;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Which lines of a table are data: not blank ones, comments, nor a header that comes again. */
final class TableLines {
  private static final char DOS_END = '\u001a';

  /** A bar may have a word where a number should be, but not so many that name columns. */
  private static final int NAMES_OF_A_HEADER = 3;

  private TableLines() {}

  static boolean isData(String line, Set<String> header) {
    int at = 0;
    while (at < line.length() && (line.charAt(at) <= ' ' || line.charAt(at) == DOS_END)) {
      if (line.charAt(at) == 0) {
        return true;
      }
      at++;
    }
    if (at == line.length()) {
      return false;
    }
    char first = line.charAt(at);
    if (first >= '0' && first <= '9') {
      return true;
    }
    return !isComment(line, at) && !header.contains(line.strip());
  }

  /**
   * Returns whether a line that is no bar is the header again, written in another way.
   *
   * @param header the names of the columns, empty where the file has none
   * @throws IOException when it is a header of other columns: what follows would be taken wrongly
   */
  static boolean isHeader(List<String> fields, List<String> header, long line) throws IOException {
    if (header.isEmpty()
        || fields.stream()
                .filter(name -> !name.isEmpty() && !Character.isDigit(name.charAt(0)))
                .map(Column::of)
                .filter(Objects::nonNull)
                .distinct()
                .count()
            < NAMES_OF_A_HEADER) {
      return false;
    }
    if (!plain(fields).equals(plain(header))) {
      throw new IOException(
          "line %,d is a header of other columns than the first: make it two files"
              .formatted(line));
    }
    return true;
  }

  private static List<String> plain(List<String> names) {
    return names.stream().map(Column::plain).toList();
  }

  /** Returns whether it is a comment, or tells spreadsheets the delimiter. */
  static boolean isComment(String line, int at) {
    return line.startsWith("#", at)
        || line.startsWith("//", at)
        || line.regionMatches(true, at, "sep=", 0, 4);
  }
}
