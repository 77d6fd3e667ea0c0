package org.bqx.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTest {
  @Test
  void ofAnOddNumberTheMiddleOneCounts() {
    assertThat(Sample.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Sample(2, 1, 9, 3));
  }

  @Test
  void ofAnEvenNumberTheMeanOfTheTwoInTheMiddleCounts() {
    assertThat(Sample.of(List.of(4.0, 1.0, 100.0, 2.0))).isEqualTo(new Sample(3, 1, 100, 4));
  }

  @Test
  void oneOutlierDoesNotMoveTheMedian() {
    assertThat(Sample.of(List.of(5.0, 5.0, 5.0, 5.0, 1e6)).milliseconds()).isEqualTo(5);
  }

  @Test
  void nothingMeasuredIsNotZero() {
    assertThatIllegalArgumentException().isThrownBy(() -> Sample.of(List.of()));
  }

  @Test
  void ratiosAreOfMedians() {
    Sample slow = Sample.of(List.of(30.0, 20.0, 1000.0));
    assertThat(slow.ratioTo(Sample.of(List.of(10.0)))).isEqualTo(3);
    assertThat(slow.times(2)).isEqualTo(new Sample(60, 40, 2000, 3));
  }
}
