package org.bqx.imports;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;
import org.tukaani.xz.LZMAInputStream;

/**
 * An opened file: its content without gzip, zip or LZMA around it, which are known by their first
 * bytes, and what its names tell.
 */
public final class BarSource implements Closeable {
  private static final int BUFFER = 1 << 16;
  private static final int HEAD = 1 << 13;

  /** A dictionary of a day's candles is far smaller; a hostile header asks for gigabytes. */
  private static final int LZMA_LIMIT_KIB = 1 << 16;

  private static final Pattern DAY = Pattern.compile("(?<!\\d)(\\d{4})(\\d{2})(\\d{2})(?!\\d)");
  private static final Pattern FOLDERS_OF_DAY =
      Pattern.compile(".*/(\\d{4})/(\\d{2})/(\\d{2})/[^/]*", Pattern.DOTALL);

  private final String path;
  private final String entry;
  private final long size;
  private final Counter raw;
  private final InputStream in;
  private final Head head;

  /**
   * @param path its path, slashes between folders
   * @param size bytes, 0 when nobody knows
   * @param content its bytes, which {@link #close} closes
   */
  BarSource(String path, long size, InputStream content) throws IOException {
    this.path = path;
    this.size = size;
    raw = new Counter(content);
    BufferedInputStream buffered = new BufferedInputStream(raw, BUFFER);
    byte[] magic = peek(buffered, 4);
    String found = "";
    if (startsWith(magic, 0x1f, 0x8b)) {
      in = new BufferedInputStream(new GZIPInputStream(buffered, BUFFER), BUFFER);
    } else if (startsWith(magic, 'P', 'K', 3, 4)) {
      OnlyEntry only = new OnlyEntry(new ZipInputStream(buffered));
      found = only.name;
      in = new BufferedInputStream(only, BUFFER);
    } else if (startsWith(magic, 0x5d, 0, 0)) {
      in = new BufferedInputStream(new LZMAInputStream(buffered, LZMA_LIMIT_KIB), BUFFER);
    } else {
      in = buffered;
    }
    entry = found;
    byte[] first = peek(in, HEAD);
    head = new Head(first, first.length < HEAD);
  }

  InputStream in() {
    return in;
  }

  Head head() {
    return head;
  }

  /** Returns the name of the file, or of the one in the zip. */
  String name() {
    return fileName(entry.isEmpty() ? path : entry);
  }

  /** Returns an estimate of a count over the whole file, from that of what was read; 0: unknown. */
  public long estimate(long soFar) {
    return raw.count == 0 ? 0 : Math.round((double) soFar * Math.max(size, 0) / raw.count);
  }

  /**
   * Returns the day that the name has: {@code 20140501_quote.zip}, of the file in the zip before
   * the zip's own; or Dukascopy's folders {@code 2019/01/04}, whose months begin at 00. Null when
   * there is none.
   */
  LocalDate day() {
    for (String name : List.of(fileName(entry), fileName(path))) {
      Matcher day = DAY.matcher(name);
      if (day.find()) {
        return date(day, 0);
      }
    }
    Matcher folders = FOLDERS_OF_DAY.matcher(path);
    return folders.matches() ? date(folders, 1) : null;
  }

  /**
   * Returns the pair that the names tell: the innermost that tells one.
   *
   * @param pairs the pairs there are
   * @throws Failure when none of them tells a pair, or one tells two
   */
  public String pair(Collection<String> pairs) {
    String names = entry.isEmpty() ? path : path + "/" + entry;
    String[] parts = names.split("/");
    for (int i = parts.length - 1; i >= 0; i--) {
      List<String> found = pairsIn(parts[i], pairs);
      if (found.size() == 1) {
        return found.get(0);
      }
      if (found.size() > 1) {
        throw unknownPair("names both %s and %s".formatted(found.get(0), found.get(1)));
      }
    }
    throw unknownPair("names no pair");
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private Failure unknownPair(String why) {
    return new Failure(
        ExitCode.USAGE,
        "cannot tell the pair of %s: it %s".formatted(Printable.of(path), why),
        "name it: --pair eurusd");
  }

  private static List<String> pairsIn(String name, Collection<String> pairs) {
    String alternatives =
        pairs.stream()
            .map(pair -> pair.substring(0, 3) + "[-_ ]?" + pair.substring(3))
            .collect(Collectors.joining("|"));
    // A letter may follow, as in EURUSDm; one before would be another word's end.
    return Pattern.compile("(?<![a-z])(?:" + alternatives + ")")
        .matcher(name.toLowerCase(Locale.ROOT))
        .results()
        .map(match -> match.group().replaceAll("[-_ ]", ""))
        .distinct()
        .toList();
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
          "the name of %s has no day: %s".formatted(Printable.of(path), noSuchDay.getMessage()),
          null,
          noSuchDay);
    }
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static byte[] peek(InputStream in, int count) throws IOException {
    in.mark(count);
    byte[] bytes = in.readNBytes(count);
    in.reset();
    return bytes;
  }

  private static boolean startsWith(byte[] bytes, int... expected) {
    if (bytes.length < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((bytes[i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private static final class Counter extends FilterInputStream {
    private long count;

    Counter(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      count += Math.max(read, 0);
      return read;
    }
  }

  /** The one file of bars in a zip; a text beside it, as HistData encloses, is left out. */
  private static final class OnlyEntry extends FilterInputStream {
    private final ZipInputStream zip;
    private final String name;

    OnlyEntry(ZipInputStream zip) throws IOException {
      super(zip);
      this.zip = zip;
      name = nextName();
      if (name == null) {
        throw new IOException("the zip holds no file of bars");
      }
    }

    private String nextName() throws IOException {
      for (ZipEntry next = zip.getNextEntry(); next != null; next = zip.getNextEntry()) {
        String lower = next.getName().toLowerCase(Locale.ROOT);
        if (!next.isDirectory() && !lower.endsWith(".txt") && !lower.startsWith("__macosx/")) {
          return next.getName();
        }
      }
      return null;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      if (read < 0) {
        String second = nextName();
        if (second != null) {
          throw new IOException(
              "the zip holds more than one file of bars, %s and %s; unpack it"
                  .formatted(Printable.of(name), Printable.of(second)));
        }
      }
      return read;
    }

    @Override
    public int available() {
      // The default would say that a zip never ends.
      return 0;
    }
  }
}
