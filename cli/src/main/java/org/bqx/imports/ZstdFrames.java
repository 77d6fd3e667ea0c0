package org.bqx.imports;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Sees to it that a stream of Zstandard ends with the end of a frame. The library notices that of
 * the first frame alone: a later one that is cut looks like the end. The layout is that of RFC
 * 8878: a frame is a magic number, a header, blocks with three bytes before each, and a checksum or
 * none.
 */
final class ZstdFrames extends FilterInputStream {
  private static final int MAGIC_BYTES = 4;
  private static final long SKIPPABLE = 0x184D2A5L;
  private static final int RUN = 1;

  private enum Part {
    MAGIC,
    DESCRIPTOR,
    HEADER,
    BLOCK_HEADER,
    BLOCK,
    CHECKSUM,
    SKIP_SIZE
  }

  private Part part = Part.MAGIC;
  private long value;
  private int read;
  private long left = MAGIC_BYTES;
  private boolean checksum;
  private boolean lastBlock;

  ZstdFrames(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
    if (count < 0 && (part != Part.MAGIC || read > 0)) {
      throw new IOException("it is cut: its last frame has no end");
    }
    int at = offset;
    while (at < offset + count) {
      if (part == Part.BLOCK) {
        long skipped = Math.min(left, offset + count - (long) at);
        left -= skipped;
        at += (int) skipped;
      } else {
        value |= (buffer[at++] & 0xffL) << (8 * read++);
        left--;
      }
      while (left == 0) {
        next();
      }
    }
    return count;
  }

  private void next() {
    long found = value;
    value = 0;
    read = 0;
    switch (part) {
      case MAGIC -> begin(found >>> 4 == SKIPPABLE ? Part.SKIP_SIZE : Part.DESCRIPTOR);
      case SKIP_SIZE -> {
        lastBlock = true;
        checksum = false;
        part = Part.BLOCK;
        left = found;
      }
      case DESCRIPTOR -> {
        checksum = (found & 4) != 0;
        boolean single = (found & 0x20) != 0;
        int dictionary = new int[] {0, 1, 2, 4}[(int) found & 3];
        int size = new int[] {single ? 1 : 0, 2, 4, 8}[(int) found >>> 6];
        part = Part.HEADER;
        left = (single ? 0 : 1) + dictionary + size;
      }
      case HEADER -> begin(Part.BLOCK_HEADER);
      case BLOCK_HEADER -> {
        lastBlock = (found & 1) != 0;
        part = Part.BLOCK;
        left = (found >>> 1 & 3) == RUN ? 1 : found >>> 3;
      }
      case BLOCK -> begin(!lastBlock ? Part.BLOCK_HEADER : checksum ? Part.CHECKSUM : Part.MAGIC);
      case CHECKSUM -> begin(Part.MAGIC);
    }
  }

  private void begin(Part following) {
    part = following;
    left =
        switch (following) {
          case DESCRIPTOR -> 1;
          case BLOCK_HEADER -> 3;
          default -> MAGIC_BYTES;
        };
  }
}
