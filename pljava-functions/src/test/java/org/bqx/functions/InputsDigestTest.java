package org.bqx.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputsDigestTest {

  private static final byte[] HEAD = {1, 2, 3};

  /**
   * By sha256('\x010203' || array_send('{100,NaN}'::float8[]) || array_send('{-0,1e300}')) there.
   */
  @Test
  void itIsWhatPostgresqlFinds() throws SQLException {
    double[] inputs = {100, Double.NaN, -0.0, 1e300};
    assertThat(FeatureFunctions.inputsDigest(HEAD, inputs, 2, 2))
        .isEqualTo("4b79c4b4f0cce1496678440c2d9ba1ce4d72d8dfb87dcf361e95fcbb97fd8b9f");
  }

  /** More bars than are taken at once, and none. */
  @ParameterizedTest
  @CsvSource({"1, 3000, 3000", "3, 3000, 2999", "2, 1024, 1024", "4, 5, 1", "2, 5, 0"})
  void theFirstBarsOfEachSeriesCount(int series, int bars, int firstBars) throws Exception {
    double[] inputs = new Random(7).doubles((long) series * bars).toArray();
    assertThat(FeatureFunctions.inputsDigest(HEAD, inputs, bars, firstBars))
        .isEqualTo(byHand(inputs, bars, firstBars));
  }

  private static String byHand(double[] inputs, int bars, int firstBars)
      throws IOException, NoSuchAlgorithmException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(HEAD);
    for (int first = 0; first < inputs.length; first += bars) {
      out.writeInt(firstBars > 0 ? 1 : 0);
      out.writeInt(0);
      out.writeInt(701);
      if (firstBars > 0) {
        out.writeInt(firstBars);
        out.writeInt(1);
      }
      for (int bar = 0; bar < firstBars; bar++) {
        out.writeInt(8);
        out.writeDouble(inputs[first + bar]);
      }
    }
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0|bars is 0: must be at least 1",
        "3|1|inputs has 4 elements: must be a multiple of bars, which is 3",
        "2|-1|first_bars is -1: must be between 0 and 2, as there are 2 bars",
        "2|3|first_bars is 3: must be between 0 and 2, as there are 2 bars"
      })
  void wrongNumbersAreRefused(int bars, int firstBars, String message) {
    assertThatThrownBy(() -> FeatureFunctions.inputsDigest(HEAD, new double[4], bars, firstBars))
        .isInstanceOf(SQLException.class)
        .hasFieldOrPropertyWithValue("SQLState", "22023")
        .hasMessage(message);
  }
}
