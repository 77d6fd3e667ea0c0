package org.bqx.imports;

/** Tells the encoding of a text by its first bytes. */
final class Encoding {
  private static final byte[] NONE = {};
  private static final byte[] LITTLE_ENDIAN = {(byte) 0xff, (byte) 0xfe};
  private static final byte[] BIG_ENDIAN = {(byte) 0xfe, (byte) 0xff};
  private static final int LEAST = 16;

  private Encoding() {}

  /**
   * Returns the byte order mark that a text in UTF-16 lacks. Its letters and digits are those of
   * ASCII, so that every other byte is zero; a text in UTF-8 has none.
   */
  static byte[] missingMark(byte[] first) {
    if (first.length < LEAST || (first[0] & 0xff) >= 0xfe || (first[0] & 0xff) == 0xef) {
      return NONE;
    }
    int[] zeros = new int[2];
    for (int i = 0; i < first.length; i++) {
      zeros[i % 2] += first[i] == 0 ? 1 : 0;
    }
    int most = first.length * 9 / 20;
    int least = first.length / 20;
    if (zeros[1] >= most && zeros[0] <= least && first[0] != 0) {
      return LITTLE_ENDIAN.clone();
    }
    return zeros[0] >= most && zeros[1] <= least && first[1] != 0 ? BIG_ENDIAN.clone() : NONE;
  }
}
