package org.bqx.imports;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.failure.IoReason;
import org.bqx.terminal.Printable;

/**
 * The bad rows of a source: all of them go to a file, when there is one, the first are kept to be
 * shown. The file is written under another name and then moved, so that a link which lies where it
 * should be is replaced, not followed.
 */
public final class Rejects implements Closeable {
  /** How the names of these files end. */
  public static final String SUFFIX = ".rejects.csv";

  /** How many are kept to be shown. */
  public static final int KEPT = 20;

  private final Path file;
  private final List<BarLine> first = new ArrayList<>();
  private Path unfinished;
  private CsvWriter writer;
  private long count;

  private Rejects(Path file) {
    this.file = file;
  }

  /** Counts bad rows, and keeps the first. */
  public static Rejects counted() {
    return new Rejects(null);
  }

  /** Writes bad rows to a file, which replaces one of that name once there is a bad row. */
  public static Rejects to(Path file) {
    return new Rejects(file.toAbsolutePath());
  }

  void add(long line, String reason, String row) throws IOException {
    count++;
    if (first.size() < KEPT) {
      first.add(BarLine.bad(line, reason));
    }
    if (file == null) {
      return;
    }
    if (writer == null) {
      open();
      writer.writeRecord("line", "reason", "row");
    }
    writer.writeRecord(Long.toString(line), reason, inert(Printable.of(row)));
  }

  private void open() {
    try {
      unfinished = Files.createTempFile(file.getParent(), "bqx-", ".unfinished");
      writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(unfinished);
    } catch (IOException refused) {
      throw new Failure(
          ExitCode.FAILED,
          "cannot write bad rows to %s: %s"
              .formatted(
                  Printable.of(file.toString()), Printable.of(IoReason.withoutFile(refused))),
          "name a folder that can be written: --rejects DIR",
          refused);
    }
  }

  /** Returns a cell that no spreadsheet takes for a formula. */
  private static String inert(String cell) {
    return !cell.isEmpty() && "=+-@".indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
  }

  /** Returns how many there are. */
  public long count() {
    return count;
  }

  /** Returns the first of them, at most {@link #KEPT}. */
  public List<BarLine> first() {
    return List.copyOf(first);
  }

  /** Returns the file, null when there is none or it is not needed. */
  public Path file() {
    return count == 0 ? null : file;
  }

  @Override
  public void close() throws IOException {
    finish();
  }

  /** Puts the file where it belongs. */
  public void finish() throws IOException {
    if (writer != null) {
      writer.close();
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
      writer = null;
    }
  }
}
