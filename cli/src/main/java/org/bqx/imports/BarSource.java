package org.bqx.imports;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.LocalDate;
import java.util.Collection;

/** One file of bars: its content without what is packed around it, and what its names tell. */
public final class BarSource implements Closeable {
  private static final int HEAD = 1 << 13;

  private final SourceName name;
  private final Estimate estimate;
  private final boolean parquet;
  private final InputStream in;
  private final Head head;

  /**
   * @param name its names
   * @param estimate how far it was read
   * @param content its bytes, which can be marked and which {@link #close} closes
   */
  BarSource(SourceName name, Estimate estimate, InputStream content) throws IOException {
    this(name, estimate, content, false);
  }

  private BarSource(SourceName name, Estimate estimate, InputStream content, boolean parquet)
      throws IOException {
    this.name = name;
    this.estimate = estimate;
    this.parquet = parquet;
    byte[] first = Peek.at(content, HEAD);
    byte[] mark = Encoding.missingMark(first);
    in =
        mark.length == 0
            ? content
            : new java.io.BufferedInputStream(
                new SequenceInputStream(new ByteArrayInputStream(mark), content), 1 << 16);
    byte[] marked = mark.length == 0 ? first : Peek.at(in, HEAD);
    head = new Head(marked, first.length < HEAD);
  }

  /**
   * Returns the source of a Parquet file's rows, of which nobody knows how many bytes of text they
   * are.
   */
  static BarSource ofParquet(SourceName name, InputStream rows) throws IOException {
    return new BarSource(name, new Estimate(new ByteCounter(rows), 0), rows, true);
  }

  /** Returns whether its lines are the rows of a Parquet file. */
  public boolean isParquet() {
    return parquet;
  }

  InputStream in() {
    return in;
  }

  Head head() {
    return head;
  }

  /** Returns the first lines of a longer part: what 8 KiB cannot prove, a megabyte may. */
  Head longHead() throws IOException {
    int size = HEAD << 7;
    byte[] first = Peek.at(in, size);
    return new Head(first, first.length < size, Integer.MAX_VALUE);
  }

  /** Returns whether it has no bytes at all. */
  public boolean isEmpty() {
    return head.isEmpty();
  }

  /** Returns how messages call it. */
  public String text() {
    return name.text();
  }

  SourceName names() {
    return name;
  }

  /** Returns the name of the file, or of the one in the archive. */
  String name() {
    return name.file();
  }

  /** Returns an estimate of a count over the whole file, from that of what was read; 0: unknown. */
  public long estimate(long soFar) {
    return estimate.of(soFar);
  }

  /** Returns the day that a name has, null when none has one. */
  LocalDate day() {
    return name.day();
  }

  /** Returns whose prices the names say it has. */
  Side side() {
    return name.files().stream()
        .map(FileNames::side)
        .filter(side -> side != Side.NONE)
        .findFirst()
        .orElse(Side.NONE);
  }

  /**
   * Returns the pair that the names tell.
   *
   * @param pairs the pairs there are
   * @throws org.bqx.failure.Failure when they tell none, two, or one that is not there
   */
  public String pair(Collection<String> pairs) {
    return Symbols.pairOf(name, pairs);
  }

  /** Returns the symbol that the file's own name tells when it is not this pair, else null. */
  public String otherPair(String pair, Collection<String> pairs) {
    return Symbols.other(name(), pair, pairs);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
