package org.bqx.export;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.bqx.digest.Digests;

/**
 * A file that is written aside, in the same folder, and has its name only once it is whole and on
 * the disk. What is closed without that is removed; what a killed process leaves has the suffix.
 */
final class PartFile extends OutputStream implements Closeable {
  static final String SUFFIX = ".part";

  private static final int BUFFER_BYTES = 1 << 18;

  private final Path file;
  private final Path aside;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final MessageDigest digest = Digests.sha256();
  private long bytes;

  /** Begins a file, and the folder it lies in. */
  PartFile(Path file) throws IOException {
    this.file = file;
    aside = aside(file);
    Files.createDirectories(file.getParent());
    channel =
        FileChannel.open(
            aside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
  }

  /** Returns where a file lies until it is whole. */
  static Path aside(Path file) {
    return file.resolveSibling("." + file.getFileName() + SUFFIX);
  }

  /** Returns how many bytes were written. */
  long bytes() {
    return bytes;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    bytes += length;
    int from = offset;
    int left = length;
    while (left > 0) {
      if (!buffer.hasRemaining()) {
        drain();
      }
      int now = Math.min(left, buffer.remaining());
      buffer.put(source, from, now);
      from += now;
      left -= now;
    }
  }

  @Override
  public void flush() {
    // Whoever reads it does so when it is whole.
  }

  /**
   * Gives the file its name.
   *
   * @return its SHA-256
   */
  String commit() throws IOException {
    drain();
    channel.force(true);
    channel.close();
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(file.getParent());
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.close();
      Files.deleteIfExists(aside);
    }
  }

  /** The name of a file is on the disk when its folder is. */
  private static void force(Path folder) throws IOException {
    try (FileChannel names = FileChannel.open(folder)) {
      names.force(true);
    }
  }

  private void drain() throws IOException {
    buffer.flip();
    digest.update(buffer.duplicate());
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }
}
