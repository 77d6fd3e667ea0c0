package org.bqx.imports;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A bi5 file once LZMA is undone: records of one length, big-endian, each a time and values. */
abstract class DukascopyRecords implements BarReader {
  private final DataInputStream in;
  private long line;

  DukascopyRecords(InputStream in) {
    this.in = new DataInputStream(in);
  }

  /**
   * Returns a record's bar or defect.
   *
   * @param record its number, from 1
   * @param time its first four bytes
   * @param values is at the others, all of which are to be read
   */
  abstract BarLine read(long record, int time, DataInputStream values) throws IOException;

  @Override
  public final BarLine next() throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    line++;
    try {
      int time = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
      return read(line, time, in);
    } catch (EOFException cut) {
      throw new IOException("it ends within record " + line, cut);
    }
  }

  @Override
  public final void close() throws IOException {
    in.close();
  }
}
