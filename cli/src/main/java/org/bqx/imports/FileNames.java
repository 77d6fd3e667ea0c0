package org.bqx.imports;

import java.util.Locale;
import java.util.regex.Pattern;

/** What the name of a file says of its content. */
final class FileNames {
  private static final String COMPRESSED = "(\\.(gz|bz2|xz|zst|lzma))?";
  private static final Pattern BARS =
      Pattern.compile(
          ".*\\.((csv|tsv)" + COMPRESSED + "|gz|bz2|xz|zst|zip|7z|tar|tgz|tbz2?|txz|bi5)");
  private static final Pattern TEXT = Pattern.compile(".*\\.(txt|asc|prn|dat)" + COMPRESSED);
  private static final Pattern DOCUMENT =
      Pattern.compile(
          ".*\\.(html?|md|pdf|json|xml|ya?ml|log|ini|cfg|docx?|rtf|png|jpe?g|gif|url|py|sql|md5"
              + "|sha256)|(readme|licen[cs]e|copying)(\\..*)?");
  private static final Pattern TABLE = Pattern.compile(".*\\.(parquet|feather|arrow|xlsx?|xlsm)");

  /** Files that systems and editors leave, and that nobody means. */
  private static final Pattern LITTER =
      Pattern.compile(
          "\\..*|~\\$.*|.*~|.*#|thumbs\\.db|desktop\\.ini|.*\\.(tmp|swp|part|crdownload|unfinished)");

  private FileNames() {}

  /** Returns whether a folder's file of this name is taken for bars, or refused by name. */
  static boolean isBars(String name) {
    return BARS.matcher(lower(name)).matches() || TABLE.matcher(lower(name)).matches();
  }

  /** Returns whether it may be a text of bars as well as any other. */
  static boolean isText(String name) {
    return TEXT.matcher(lower(name)).matches();
  }

  static boolean isDocument(String name) {
    return DOCUMENT.matcher(lower(name)).matches();
  }

  static boolean isLitter(String name) {
    return LITTER.matcher(lower(name)).matches();
  }

  /** Returns the last part of a path. */
  static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Returns the side that a name tells by a word of its own, NONE when it tells none or both. */
  static Side side(String name) {
    boolean bid = hasWord(name, "bid");
    boolean ask = hasWord(name, "ask");
    if (bid == ask) {
      return Side.NONE;
    }
    return bid ? Side.BID : Side.ASK;
  }

  private static boolean hasWord(String name, String word) {
    return Pattern.compile("(?<![a-z])" + word + "(?![a-z])").matcher(lower(name)).find();
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
