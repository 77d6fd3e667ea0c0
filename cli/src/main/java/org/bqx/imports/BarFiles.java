package org.bqx.imports;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;

/** Opens what the command line names: a file, plain or gzip by its content, or standard input. */
public final class BarFiles {
  private static final int BUFFER = 1 << 16;

  private BarFiles() {}

  /**
   * Opens a source of bars.
   *
   * @param name a path, or {@code -} for {@code standardInput}
   * @throws Failure when there is no such file
   */
  public static BarReader open(String name, InputStream standardInput) throws IOException {
    return new PlainReader(content(name, standardInput));
  }

  private static InputStream content(String name, InputStream standardInput) throws IOException {
    InputStream raw =
        new BufferedInputStream(name.equals("-") ? standardInput : file(Path.of(name)), BUFFER);
    raw.mark(2);
    boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
    raw.reset();
    return gzip ? new GZIPInputStream(raw, BUFFER) : raw;
  }

  private static InputStream file(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new Failure(
          ExitCode.USAGE, "cannot read %s: it is a directory".formatted(path), "name its files");
    }
    try {
      return Files.newInputStream(path);
    } catch (NoSuchFileException missing) {
      throw new Failure(
          ExitCode.USAGE, "cannot read %s: no such file".formatted(path), null, missing);
    }
  }
}
