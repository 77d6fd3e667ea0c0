package org.bqx.imports;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The period of bars by the minutes of their times. */
class StepsTest {
  @ParameterizedTest
  @CsvSource({
    "0 1 2 3, ",
    "3 2 1 0, ",
    "0 5 10 15, 5 minutes",
    "0 60 120 180, 1 hour",
    "0 240 480 4320 4560, 4 hours",
    "0 1440 2880 4260 5700, 24 hours",
    "0 7 9 20 33, ",
    "0 8 10 3570, ",
    "0 1 2 1442 2882 4322, ",
    "0, "
  })
  void mostBarsSayIt(String minutes, String period) {
    Steps steps = new Steps();
    for (String minute : minutes.split(" ")) {
      steps.add(60 * Long.parseLong(minute));
    }
    assertThat(steps.otherPeriod()).isEqualTo(period);
  }
}
