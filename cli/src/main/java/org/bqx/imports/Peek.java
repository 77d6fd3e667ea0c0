package org.bqx.imports;

import java.io.IOException;
import java.io.InputStream;

/** Looks at what a stream will give, without taking it. */
final class Peek {
  private Peek() {}

  /** Returns the next bytes, fewer at the end of the stream, which can mark. */
  static byte[] at(InputStream in, int count) throws IOException {
    in.mark(count);
    byte[] bytes = in.readNBytes(count);
    in.reset();
    return bytes;
  }
}
