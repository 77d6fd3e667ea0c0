package org.bqx.export;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.bqx.export.ExportManifest.Entry;

/**
 * The files of a pair's month while they are written: one, or one for each split that has rows. All
 * have their names once {@link #commit} is called; what is closed before that is removed.
 */
final class MonthFiles implements Closeable {
  /** Makes what writes a file's rows. */
  interface Format {
    /**
     * Begins a file.
     *
     * @param header the line of names that CSV begins with, else null
     */
    RowSink open(PartFile file, byte[] header) throws IOException;
  }

  private final ExportFolder folder;
  private final UnaryOperator<String> names;
  private final Format format;
  private final boolean splitFolders;
  private final Map<String, Target> targets = new TreeMap<>();
  private final Map<String, Long> splits = new TreeMap<>();
  private byte[] header;
  private long rows;

  /** A file, and its rows so far. */
  private static final class Target {
    private final String name;
    private final PartFile file;
    private final RowSink sink;
    private long rows;

    Target(String name, PartFile file, RowSink sink) {
      this.name = name;
      this.file = file;
      this.sink = sink;
    }
  }

  /**
   * Prepares files; the first row of each begins it.
   *
   * @param names gives a split's file its path
   * @param splitFolders whether there is one a split, without the rows of none
   */
  MonthFiles(
      ExportFolder folder, UnaryOperator<String> names, Format format, boolean splitFolders) {
    this.folder = folder;
    this.names = names;
    this.format = format;
    this.splitFolders = splitFolders;
  }

  void header(byte[] line) {
    header = line;
  }

  /** Writes a row that has no split. */
  void write(byte[] message) throws IOException {
    rows++;
    write(ExportManifest.NONE, message);
  }

  /**
   * Writes a row.
   *
   * @param split its split, null for none
   */
  void write(byte[] message, String split) throws IOException {
    rows++;
    splits.merge(split == null ? ExportManifest.NONE : split, 1L, Long::sum);
    if (!splitFolders) {
      write(ExportManifest.NONE, message);
    } else if (split != null) {
      write(split, message);
    }
  }

  private void write(String to, byte[] message) throws IOException {
    Target target = targets.get(to);
    if (target == null) {
      target = open(to);
      targets.put(to, target);
    }
    target.sink.write(message);
    target.rows++;
  }

  private Target open(String split) throws IOException {
    String name = names.apply(split);
    PartFile file = new PartFile(folder.path(name));
    try {
      return new Target(name, file, format.open(file, header));
    } catch (IOException | RuntimeException refused) {
      file.close();
      throw refused;
    }
  }

  /** Returns how many rows were written, those of no split too. */
  long rows() {
    return rows;
  }

  /** Returns the rows of each split, null when rows have none. */
  Map<String, Long> splits() {
    return splits.isEmpty() ? null : splits;
  }

  /** Ends the files, and gives them their names. */
  List<Entry> commit() throws IOException {
    for (Target target : targets.values()) {
      target.sink.close();
    }
    List<Entry> entries = new ArrayList<>();
    for (Target target : targets.values()) {
      String digest = target.file.commit();
      entries.add(new Entry(target.name, target.rows, target.file.bytes(), digest));
    }
    return entries;
  }

  @Override
  public void close() throws IOException {
    for (Target target : targets.values()) {
      target.file.close();
    }
  }
}
