package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bits of every family over {@link GoldenBars}, by revision. */
class GoldenDigestTest {

  /**
   * @param windows the sets of windows that the digest covers, one after the other
   * @param digest SHA-256 in hexadecimal digits
   */
  record Golden(String family, int revision, int[][] windows, String digest) {
    @Override
    public String toString() {
      return family;
    }
  }

  static List<Golden> goldens() {
    int[][] windows = {{60, 90, 150, 240, 390, 630}, {3, 4, 7, 20, 33}};
    return List.of(
        new Golden(
            "bqx", 1, windows, "f6cd36bfcaedab674281076e2669a2515a3aca2c28caf003efd990aeecad2b44"),
        new Golden(
            "reg", 1, windows, "12bb1e3c622500b6006e7deaf3c380718f8506e7f8277cbe51b7edf410153520"));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void bitsAreThoseOfTheRevision(Golden golden) {
    assertThat(digest(golden)).isEqualTo(golden.digest());
  }

  private static String digest(Golden golden) {
    MessageDigest sha256 = sha256();
    double[] rateIndex = GoldenBars.rateIndex();
    for (int[] windows : golden.windows()) {
      new FamilyRows(
              Families.of(golden.family()), new Bars(rateIndex, rateIndex.length), windows, 0, 0)
          .forEachRemaining(row -> update(sha256, row));
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** Takes in the row's length and the bits of its elements; every NaN is the same. */
  private static void update(MessageDigest digest, double[] row) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + Double.BYTES * row.length);
    bytes.putInt(row.length);
    for (double value : row) {
      bytes.putLong(Double.doubleToLongBits(value));
    }
    digest.update(bytes.array());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
