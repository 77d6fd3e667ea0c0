package org.bqx.imports;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;

/**
 * The names around a file of bars: its path, and where it is in an archive its path there.
 *
 * @param text how messages call it
 * @param paths from the outermost, slashes between folders
 */
record SourceName(String text, List<String> paths) {
  private static final Pattern DAY = Pattern.compile("(?<!\\d)(\\d{4})(\\d{2})(\\d{2})(?!\\d)");
  private static final Pattern FOLDERS_OF_DAY =
      Pattern.compile(".*/(\\d{4})/(\\d{2})/(\\d{2})/[^/]*", Pattern.DOTALL);

  /** Returns the name of a file in this archive. */
  SourceName in(String entry) {
    List<String> inner = new ArrayList<>(paths);
    inner.add(entry.replace('\\', '/'));
    return new SourceName(text + "/" + entry, List.copyOf(inner));
  }

  /** Returns the innermost file's name. */
  String file() {
    return FileNames.last(paths.get(paths.size() - 1));
  }

  /** Returns all paths as one. */
  String all() {
    return String.join("/", paths);
  }

  /** Returns the names of the files from the innermost, without their folders. */
  List<String> files() {
    List<String> files = new ArrayList<>();
    for (int i = paths.size() - 1; i >= 0; i--) {
      files.add(FileNames.last(paths.get(i)));
    }
    return files;
  }

  /**
   * Returns the day that a name has: {@code 20140501_quote.zip}, of the file in the archive before
   * the archive's own; or Dukascopy's folders {@code 2019/01/04}, whose months begin at 00. Null
   * when there is none.
   */
  LocalDate day() {
    for (String name : files()) {
      Matcher day = DAY.matcher(name);
      if (day.find()) {
        return date(day, 0);
      }
    }
    for (int i = paths.size() - 1; i >= 0; i--) {
      Matcher folders = FOLDERS_OF_DAY.matcher("/" + paths.get(i));
      if (folders.matches()) {
        return date(folders, 1);
      }
    }
    return null;
  }

  private LocalDate date(Matcher parts, int firstMonth) {
    try {
      return LocalDate.of(
          Integer.parseInt(parts.group(1)),
          Integer.parseInt(parts.group(2)) + firstMonth,
          Integer.parseInt(parts.group(3)));
    } catch (DateTimeException noSuchDay) {
      throw new Failure(
          ExitCode.FAILED,
          "the name of %s has no day: %s".formatted(Printable.of(text), noSuchDay.getMessage()),
          null,
          noSuchDay);
    }
  }
}
