package org.bqx.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | row | 0 rows",
        "1 | row | 1 row",
        "1440 | row | 1,440 rows",
        "1 | family | 1 family",
        "17 | family | 17 families",
        "2 | day | 2 days",
        "1 | matrix | 1 matrix",
        "2 | matrix | 2 matrices"
      })
  void whatIsCountedIsInTheRightNumber(long count, String what, String text) {
    assertThat(Quantity.of(count, what)).isEqualTo(text);
  }

  @Test
  void othersAreNamedWhereThereAreAny() {
    assertThat(Quantity.withOthers("5", 0)).isEqualTo("5");
    assertThat(Quantity.withOthers("5", 1)).isEqualTo("5, and 1 other");
    assertThat(Quantity.withOthers("5", 1440)).isEqualTo("5, and 1,440 others");
  }
}
