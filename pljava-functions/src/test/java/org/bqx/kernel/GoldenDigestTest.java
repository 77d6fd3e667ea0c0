package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bits of every family over {@link GoldenBars}, by revision. Stored rows are kept as long as
 * their revision is the family's, so bits must not change without it.
 */
class GoldenDigestTest {

  private static final int[][] WINDOWS = {{60, 90, 150, 240, 390, 630}, {3, 4, 7, 20, 33}};

  private static final int[][] NONE = {{}};
  private static final int[][] VOLUME = {{15, 30, 60}, {1, 61}};
  private static final int[][] STAT = {{60, 240}, {4, 33}};
  private static final int[][] RATE = {{15, 30, 60, 240}, {2, 7, 33}};

  /** One line a family; a new revision takes the place of the old one. */
  private static final List<Golden> GOLDENS =
      List.of(
          new Golden(
              "bqx",
              1,
              WINDOWS,
              "f6cd36bfcaedab674281076e2669a2515a3aca2c28caf003efd990aeecad2b44",
              "rate_index"),
          new Golden(
              "reg",
              1,
              WINDOWS,
              "12bb1e3c622500b6006e7deaf3c380718f8506e7f8277cbe51b7edf410153520",
              "rate_index"),
          new Golden(
              "mom",
              1,
              NONE,
              "4a78fb29499f2330eeaca5b9290c982ba92140f688fe9bbbb3c90dc7e5ff6b23",
              "rate_index",
              "high",
              "low"),
          new Golden(
              "trend",
              1,
              NONE,
              "41ddcafd24e7daab1dec2220953a9a7637961a119c677b55235e094c175caa58",
              "rate_index",
              "high",
              "low"),
          new Golden(
              "band",
              1,
              NONE,
              "d9ee73869449e5c00a5a3939dc485efc4a943d3ef535aa67a7c56f606efc6db7",
              "rate_index",
              "high",
              "low"),
          new Golden(
              "flow",
              1,
              NONE,
              "9f93d91097552a2805554ef50f18f02e3c0db4d887a0860161f2e2f2bff75f92",
              "rate_index",
              "high",
              "low",
              "volume",
              "time"),
          new Golden(
              "rvol",
              1,
              WINDOWS,
              "15b2397c721053658e4c70d4edf2449ceb2d9ed8c3e0e739b23822fed0498924",
              "rate_index",
              "open",
              "high",
              "low"),
          new Golden(
              "rate",
              1,
              RATE,
              "37417c01c2c47111a4d1af7aa666a11fd766b2d1ee72a59a001278427280724f",
              "rate_index",
              "open",
              "high",
              "low"),
          new Golden(
              "time",
              1,
              NONE,
              "a7586a4880621494bfc88a576f669c34678edbc28a7cc9254681cbc05e89702f",
              "rate_index",
              "time"),
          new Golden(
              "volume",
              1,
              VOLUME,
              "3955a025c0bff3ea57fddd42f7d75a59fc6aa13d7687793ab6ee04e29a2948ba",
              "rate_index",
              "volume"),
          new Golden(
              "micro",
              1,
              NONE,
              "74c248ed8ce1d987e553f51574e0e012d94181b4fd4cbdeefef183cc8134b96f",
              "rate_index",
              "high",
              "low",
              "volume"),
          new Golden(
              "spread",
              1,
              NONE,
              "c76c2876a2384b4308813b2900986a226db20339a2e4c124f5de7595fd788499",
              "rate_index",
              "low",
              "high"),
          new Golden(
              "fwd",
              1,
              WINDOWS,
              "1a4568a1116180be5739fd64bdcf12f099d1013f0b33670b996f1fe2563d7903",
              "rate_index"),
          new Golden(
              "stat",
              1,
              STAT,
              "18375c43132952d0a9c0365c2c19ad53fbb8b06add54ade1a5eae2b6c7ecbdda",
              "rate_index"),
          new Golden(
              "regime",
              1,
              NONE,
              "4db0604b8ac8122dc7720f995f432f11efc35aca576d6fe2bd6b866b657c2ac5",
              "rate_index",
              "high",
              "low"),
          new Golden(
              "xpair",
              1,
              NONE,
              "fd55e9d4275c01fa1e91f13cd2aaab349d5bfb5ac80c6ab7c8db11bf48c82665",
              "rate_index",
              "high",
              "open",
              "high",
              "age",
              "low",
              "open",
              "age"),
          new Golden(
              "ccy",
              2,
              NONE,
              "2fb4b8bda06c536814658ef47444e5680cc603d1671afd6c52a8aff885e0ca43",
              currencyInputs()));

  /**
   * A column for each of the 28 pairs of eight currencies; one pair has no bar, and one falls when
   * its first currency rises.
   */
  private static String[] currencyInputs() {
    String[] indexes = {"high", "rate_index", "low", "open", "negative"};
    List<String> inputs = new ArrayList<>(List.of("rate_index"));
    for (int pair = 0; pair < 28; pair++) {
      inputs.add(pair == 11 ? "absent" : pair % 9 == 5 ? "now and then" : indexes[pair % 5]);
    }
    return inputs.toArray(String[]::new);
  }

  /**
   * @param windows the sets of windows that the digest covers, one after the other; one empty set
   *     if the family takes none
   * @param digest SHA-256 in hexadecimal digits
   * @param inputs of {@link GoldenBars#of}
   */
  record Golden(String family, int revision, int[][] windows, String digest, String... inputs) {
    Bars bars() {
      return GoldenBars.of(inputs);
    }

    @Override
    public String toString() {
      return family;
    }
  }

  static List<Golden> goldens() {
    return GOLDENS;
  }

  @Test
  void everyFamilyHasADigest() {
    assertThat(GOLDENS)
        .extracting(Golden::family)
        .containsExactlyInAnyOrderElementsOf(Families.names());
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void bitsAreThoseOfTheRevision(Golden golden) {
    check(golden, Families.of(golden.family()));
  }

  /** The judge is judged: one bit in one row is enough. */
  @Test
  void changedBitsWithoutANewRevisionAreFound() {
    Family toy = new ToyFamily(1, 0);
    int[][] windows = {{2, 5}};
    String digest = digest(toy, GoldenBars.of("rate_index", "high"), windows);
    Golden golden = new Golden("toy", 1, windows, digest, "rate_index", "high");
    check(golden, toy);
    assertThat(failure(golden, new ToyFamily(1, Math.ulp(100.0))))
        .contains("the bits of family toy changed", "raise its revision() to 2");
    assertThat(failure(golden, new ToyFamily(2, Math.ulp(100.0))))
        .contains("record the digest of revision 2 of family toy");
    assertThat(failure(golden, new ToyFamily(2, 0)))
        .contains("revision 2 of family toy has the bits of revision 1");
  }

  private static String failure(Golden golden, Family family) {
    try {
      check(golden, family);
    } catch (AssertionError failure) {
      return failure.getMessage();
    }
    return fail("no difference was found");
  }

  private static void check(Golden golden, Family family) {
    String digest = digest(family, golden.bars(), golden.windows());
    boolean sameRevision = family.revision() == golden.revision();
    if (digest.equals(golden.digest())) {
      assertThat(sameRevision)
          .as(
              "revision %s of family %s has the bits of revision %s: take it back, or let the"
                  + " digest cover what changed",
              family.revision(), family.name(), golden.revision())
          .isTrue();
    } else if (sameRevision) {
      fail(
          "the bits of family %s changed: raise its revision() to %s, and record its digest %s",
          family.name(), family.revision() + 1, digest);
    } else {
      fail(
          "record the digest of revision %s of family %s: %s",
          family.revision(), family.name(), digest);
    }
  }

  private static String digest(Family family, Bars bars, int[][] windowSets) {
    MessageDigest sha256 = sha256();
    for (int[] windows : windowSets) {
      new FamilyRows(family, bars, windows, 0, 0)
          .forEachRemaining(row -> sha256.update(bytes(row)));
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** The row's length and the bits of its elements; every NaN is the same. */
  private static byte[] bytes(double[] row) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + Double.BYTES * row.length);
    bytes.putInt(row.length);
    Arrays.stream(row).mapToLong(Double::doubleToLongBits).forEach(bytes::putLong);
    return bytes.array();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
