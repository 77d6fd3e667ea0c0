package org.bqx.imports;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.commons.compress.MemoryLimitException;
import org.apache.commons.compress.PasswordRequiredException;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Takes off what is around files of bars: compressions and archives, also in each other, known by
 * their first bytes. Each file in an archive is a source of its own.
 *
 * <p>A zip or 7z is read by the directory at its end, so that one which is cut is an error; from a
 * pipe it goes to a temporary file first. A compressed stream ends with its last member, however
 * slowly it comes, or is an error too.
 */
final class Unpacker {
  private static final int BUFFER = 1 << 16;
  private static final int MAGIC = 512;
  private static final int MOST_LAYERS = 6;

  /** A dictionary of a day's candles is far smaller; a hostile header asks for gigabytes. */
  private static final int LZMA_LIMIT_KIB = 1 << 16;

  private static final int MEMORY_LIMIT_KIB = 1 << 18;

  /** Is shown each file. */
  interface Visitor {
    void visit(BarSource source) throws Exception;

    /** Is told of a file in an archive that is not taken for bars. */
    void leftOut(String name);
  }

  private final Collection<String> columns;
  private final Visitor visitor;

  /**
   * @param columns that a person named, by name or by number from 1
   * @param visitor is shown each file
   */
  Unpacker(Collection<String> columns, Visitor visitor) {
    this.columns = columns;
    this.visitor = visitor;
  }

  /**
   * Shows the visitor each file of bars.
   *
   * @param name how messages call it
   * @param path its absolute path, slashes between folders
   * @param file where it can be read at any place, null for a stream
   * @param size bytes, 0 when nobody knows
   * @param content its bytes
   */
  void unpack(String name, String path, Path file, long size, InputStream content)
      throws Exception {
    SourceName named = new SourceName(name, List.of(path));
    ByteCounter raw = new ByteCounter(content);
    unpack(named, file, new Estimate(raw, size), new BufferedInputStream(raw, BUFFER), 0);
  }

  private void unpack(SourceName name, Path file, Estimate estimate, InputStream in, int layers)
      throws Exception {
    if (layers > MOST_LAYERS) {
      throw new IOException("it is packed more than %d times".formatted(MOST_LAYERS));
    }
    byte[] magic = Peek.at(in, MAGIC);
    refuseUnreadable(magic);
    if (startsWith(magic, 'P', 'K', 3, 4) || startsWith(magic, 'P', 'K', 5, 6)) {
      unzip(name, file, in, layers);
    } else if (startsWith(magic, '7', 'z', 0xbc, 0xaf, 0x27, 0x1c)) {
      unpackSevenZ(name, file, in, layers);
    } else if (startsWith(magic, 'P', 'A', 'R', '1')) {
      readParquet(name, file, in);
    } else if (isTar(magic)) {
      untar(name, estimate, in, layers);
    } else {
      InputStream content = decompressed(magic, in);
      if (content == in) {
        visitor.visit(new BarSource(name, estimate, in));
      } else {
        unpack(name, null, estimate, new BufferedInputStream(content, BUFFER), layers + 1);
      }
    }
  }

  private static InputStream decompressed(byte[] magic, InputStream in) throws IOException {
    if (startsWith(magic, 0x1f, 0x8b)) {
      return GzipCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(true)
          .get();
    }
    if (startsWith(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return new XZInputStream(in, MEMORY_LIMIT_KIB);
    }
    if (startsWith(magic, 'B', 'Z', 'h')) {
      return new BZip2CompressorInputStream(in, true);
    }
    if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
      return new ZstdInputStream(new ZstdFrames(in));
    }
    return startsWith(magic, 0x5d, 0, 0) ? new LZMAInputStream(in, LZMA_LIMIT_KIB) : in;
  }

  private static void refuseUnreadable(byte[] magic) throws IOException {
    String found = null;
    if (startsWith(magic, 'P', 'A', 'R', 'E')) {
      found = "an encrypted Parquet file";
    } else if (startsWith(magic, 'A', 'R', 'R', 'O', 'W', '1')
        || startsWith(magic, 'F', 'E', 'A', '1')) {
      found = "a Feather (Arrow) file";
    } else if (startsWith(magic, 0xd0, 0xcf, 0x11, 0xe0)) {
      found = "an Excel workbook";
    } else if (startsWith(magic, 'R', 'a', 'r', '!')) {
      found = "a RAR archive";
    }
    if (found != null) {
      throw unreadable(found);
    }
  }

  private static IOException unreadable(String what) {
    return new IOException("it is " + what + ", which cannot be read; save it as CSV");
  }

  /** Its directory is at its end, as that of a zip. */
  private void readParquet(SourceName name, Path file, InputStream in) throws Exception {
    try (Spool spool = Spool.of(file, in);
        ParquetText rows = new ParquetText(spool.path(), columns)) {
      visitor.visit(BarSource.ofParquet(name, new BufferedInputStream(rows, BUFFER)));
    }
  }

  private void unzip(SourceName name, Path file, InputStream in, int layers) throws Exception {
    try (Spool spool = Spool.of(file, in);
        ZipFile zip = opened(() -> ZipFile.builder().setPath(spool.path()).get())) {
      if (zip.getEntry("[Content_Types].xml") != null) {
        throw unreadable("an Excel workbook");
      }
      List<ZipArchiveEntry> entries = new ArrayList<>();
      zip.getEntriesInPhysicalOrder().asIterator().forEachRemaining(entries::add);
      entries.removeIf(ZipArchiveEntry::isDirectory);
      ArchiveNames names =
          new ArchiveNames(entries.stream().map(ZipArchiveEntry::getName).toList());
      entries.sort(Comparator.comparing(entry -> names.place(entry.getName())));
      for (ZipArchiveEntry entry : entries) {
        if (names.isTaken(entry.getName(), visitor)) {
          try (InputStream content = zip.getInputStream(entry)) {
            unpackEntry(name.in(entry.getName()), entry.getSize(), content, layers);
          }
        }
      }
      names.requireAny();
    }
  }

  /** Reads an archive's directory. */
  private interface Opening<T> {
    T open() throws IOException;
  }

  /** Its first bytes are those of an archive: what is missing or broken is its directory. */
  private static <T> T opened(Opening<T> archive) throws IOException {
    try {
      return archive.open();
    } catch (PasswordRequiredException | MemoryLimitException other) {
      throw other;
    } catch (IOException broken) {
      throw new IOException(
          "the archive's directory, at its end, cannot be read: it is cut, or broken", broken);
    }
  }

  private void unpackSevenZ(SourceName name, Path file, InputStream in, int layers)
      throws Exception {
    try (Spool spool = Spool.of(file, in);
        SevenZFile archive =
            opened(
                () ->
                    SevenZFile.builder()
                        .setPath(spool.path())
                        .setMaxMemoryLimitKiB(MEMORY_LIMIT_KIB)
                        .get())) {
      List<SevenZArchiveEntry> entries = new ArrayList<>();
      archive.getEntries().forEach(entries::add);
      entries.removeIf(SevenZArchiveEntry::isDirectory);
      ArchiveNames names =
          new ArchiveNames(entries.stream().map(SevenZArchiveEntry::getName).toList());
      entries.sort(Comparator.comparing(entry -> names.place(entry.getName())));
      for (SevenZArchiveEntry entry : entries) {
        if (names.isTaken(entry.getName(), visitor)) {
          try (InputStream content = archive.getInputStream(entry)) {
            unpackEntry(name.in(entry.getName()), entry.getSize(), content, layers);
          }
        }
      }
      names.requireAny();
    }
  }

  private void untar(SourceName name, Estimate estimate, InputStream in, int layers)
      throws Exception {
    TrailingZeros end = new TrailingZeros(in);
    TarArchiveInputStream tar = new TarArchiveInputStream(end);
    ArchiveNames names = new ArchiveNames(List.of());
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (entry.isFile() && names.isTaken(entry.getName(), visitor)) {
        InputStream content = new Unclosed(tar);
        InputStream buffered = new BufferedInputStream(content, BUFFER);
        unpack(name.in(entry.getName()), null, estimate, buffered, layers + 1);
      }
    }
    if (end.count < MAGIC) {
      throw new IOException("the tar has no end: it is cut");
    }
    names.requireAny();
  }

  private void unpackEntry(SourceName name, long size, InputStream content, int layers)
      throws Exception {
    ByteCounter counted = new ByteCounter(content);
    InputStream buffered = new BufferedInputStream(counted, BUFFER);
    unpack(name, null, new Estimate(counted, size), buffered, layers + 1);
  }

  /** Returns whether these bytes are the header of a tar: its checksum is that of its bytes. */
  private static boolean isTar(byte[] header) {
    if (header.length < MAGIC || header[0] == 0) {
      return false;
    }
    String field = new String(header, 148, 8, StandardCharsets.US_ASCII).replace('\0', ' ').strip();
    if (!field.matches("[0-7]{4,7}")) {
      return false;
    }
    int sum = 8 * ' ';
    for (int i = 0; i < MAGIC; i++) {
      sum += i >= 148 && i < 156 ? 0 : header[i] & 0xff;
    }
    return sum == Integer.parseInt(field, 8);
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

  /** A file that can be read at any place: the one there is, or a copy that goes when closed. */
  private record Spool(Path path, boolean isCopy) implements AutoCloseable {
    static Spool of(Path file, InputStream in) throws IOException {
      if (file != null) {
        return new Spool(file, false);
      }
      Path copy = Files.createTempFile("bqx-", ".archive");
      try {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException | RuntimeException unreadable) {
        Files.delete(copy);
        throw unreadable;
      }
      return new Spool(copy, true);
    }

    @Override
    public void close() throws IOException {
      if (isCopy) {
        Files.delete(path);
      }
    }
  }

  /** An entry, whose end is not the end of its archive. */
  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {
      // The archive goes on.
    }
  }

  /** Counts the zero bytes that a stream ends with: a tar's last block has no others. */
  private static final class TrailingZeros extends FilterInputStream {
    private long count;

    TrailingZeros(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      int zeros = 0;
      while (zeros < read && buffer[offset + read - 1 - zeros] == 0) {
        zeros++;
      }
      count = zeros == Math.max(read, 0) ? count + zeros : zeros;
      return read;
    }
  }
}
