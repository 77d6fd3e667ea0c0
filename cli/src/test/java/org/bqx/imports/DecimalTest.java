package org.bqx.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {
  @Test
  void isTheNearestDoubleAsTheJdkFindsIt() throws DefectException {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200_000; i++) {
      String digits = Long.toString(random.nextLong(1L << random.nextInt(1, 60)));
      int point = random.nextInt(digits.length() + 1);
      String text = digits.substring(0, point) + "." + digits.substring(point);
      assertThat(Decimal.parse("open", text)).as(text).isEqualTo(Double.parseDouble(text));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1.", ".5", "1e5", "-1.25E-3", "+2", "0000000000000000001.5"})
  void takesWhatPostgreSqlTakes(String text) throws DefectException {
    assertThat(Decimal.parse("open", text)).isEqualTo(Double.parseDouble(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "NaN", "Infinity", "0x1p3", "1d", "1,5", "1.2.3", "٣", "--1"})
  void refusesWhatIsNoDecimal(String text) {
    assertThatThrownBy(() -> Decimal.parse("open", text)).hasMessageContaining("is not a number");
  }
}
