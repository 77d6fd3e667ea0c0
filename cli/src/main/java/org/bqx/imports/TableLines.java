package org.bqx.imports;

import java.util.Set;

/** Which lines of a table are data: not blank ones, comments, nor a header that comes again. */
final class TableLines {
  private static final char DOS_END = '\u001a';

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

  /** Returns whether it is a comment, or tells spreadsheets the delimiter. */
  static boolean isComment(String line, int at) {
    return line.startsWith("#", at)
        || line.startsWith("//", at)
        || line.regionMatches(true, at, "sep=", 0, 4);
  }
}
