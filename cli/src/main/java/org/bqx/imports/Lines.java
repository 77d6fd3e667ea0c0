package org.bqx.imports;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** The lines of a text in UTF-8, or in UTF-16 where its first bytes say so; none is endless. */
final class Lines implements Closeable {
  private static final int LONGEST = 1 << 16;
  private static final int MARK = 3;

  private final Reader reader;
  private final char[] buffer = new char[1 << 15];
  private final StringBuilder rest = new StringBuilder();
  private int at;
  private int end;
  private boolean afterReturn;
  private long number;

  /**
   * @param in can be marked; {@link #close} closes it
   */
  Lines(InputStream in) throws IOException {
    byte[] mark = Peek.at(in, MARK);
    Charset charset = StandardCharsets.UTF_8;
    int skip = 0;
    if (mark.length >= 2 && mark[0] == (byte) 0xff && mark[1] == (byte) 0xfe) {
      charset = StandardCharsets.UTF_16LE;
      skip = 2;
    } else if (mark.length >= 2 && mark[0] == (byte) 0xfe && mark[1] == (byte) 0xff) {
      charset = StandardCharsets.UTF_16BE;
      skip = 2;
    } else if (mark.length == MARK
        && mark[0] == (byte) 0xef
        && mark[1] == (byte) 0xbb
        && mark[2] == (byte) 0xbf) {
      skip = MARK;
    }
    in.skipNBytes(skip);
    reader = new InputStreamReader(in, charset);
  }

  /** Returns the number of the line read last, from 1. */
  long number() {
    return number;
  }

  /** Returns the next line without its end, null when there is none. */
  String next() throws IOException {
    rest.setLength(0);
    boolean any = false;
    while (true) {
      if (at == end) {
        end = reader.read(buffer, 0, buffer.length);
        at = 0;
        if (end <= 0) {
          end = 0;
          number += any ? 1 : 0;
          return any ? rest.toString() : null;
        }
      }
      if (afterReturn) {
        afterReturn = false;
        if (buffer[at] == '\n') {
          at++;
          continue;
        }
      }
      int from = at;
      while (at < end && buffer[at] != '\n' && buffer[at] != '\r') {
        at++;
      }
      any = true;
      if (at < end) {
        afterReturn = buffer[at] == '\r';
        number++;
        String line =
            rest.length() == 0
                ? new String(buffer, from, at - from)
                : rest.append(buffer, from, at - from).toString();
        at++;
        return line;
      }
      rest.append(buffer, from, at - from);
      if (rest.length() > LONGEST) {
        throw new IOException("line %,d has no end".formatted(number + 1));
      }
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
