package org.bqx.functions;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 of the first bars of some series, in the form in which PostgreSQL sends arrays of float8:
 * a header, then each value behind its length, the highest byte first.
 */
final class InputsDigest {

  private static final int FLOAT8 = 701;
  private static final int CHUNK = 1024;
  private static final int ELEMENT = Integer.BYTES + Double.BYTES;

  private InputsDigest() {}

  /**
   * Returns the digest in hexadecimal digits.
   *
   * @param head bytes before those of the series
   * @param inputs the series one after the other, {@code bars} values each, at least one series
   * @param firstBars how many values of each count, at most {@code bars}
   */
  static String of(byte[] head, double[] inputs, int bars, int firstBars) {
    MessageDigest digest = sha256();
    digest.update(head);
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * ELEMENT);
    for (int first = 0; first < inputs.length; first += bars) {
      putHeader(chunk, firstBars);
      for (int bar = 0; bar < firstBars; bar++) {
        if (chunk.remaining() < ELEMENT) {
          take(chunk, digest);
        }
        chunk.putInt(Double.BYTES).putLong(Double.doubleToRawLongBits(inputs[first + bar]));
      }
      take(chunk, digest);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Dimensions, whether there are nulls, the type; of the dimension its length and lower bound. */
  private static void putHeader(ByteBuffer chunk, int length) {
    chunk.putInt(length == 0 ? 0 : 1).putInt(0).putInt(FLOAT8);
    if (length > 0) {
      chunk.putInt(length).putInt(1);
    }
  }

  private static void take(ByteBuffer chunk, MessageDigest digest) {
    chunk.flip();
    digest.update(chunk);
    chunk.clear();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
