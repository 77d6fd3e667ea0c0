package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SlidingExtremeTest {

  @Property(tries = 500)
  void isTheGreatestAndTheLeastOfTheLastValues(
      @ForAll @Size(min = 1, max = 60) @IntRange(min = -9, max = 9) int[] values,
      @ForAll @IntRange(min = 1, max = 20) int length) {
    SlidingExtreme maximum = SlidingExtreme.maximum(length);
    SlidingExtreme minimum = SlidingExtreme.minimum(length);
    for (int round = 0; round < 2; round++) {
      maximum.reset();
      minimum.reset();
      for (int i = 0; i < values.length; i++) {
        int[] window = Arrays.copyOfRange(values, Math.max(0, i - length + 1), i + 1);
        assertThat(maximum.take(values[i])).isEqualTo(Arrays.stream(window).max().getAsInt());
        assertThat(minimum.take(values[i])).isEqualTo(Arrays.stream(window).min().getAsInt());
      }
    }
  }
}
