package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MergedTimesTest {

  @Test
  void nothingMergedWithNothingIsNothing() {
    assertThat(MergedTimes.of(new double[0], new double[0])).isEmpty();
  }

  /** Beside a set that the platform keeps in order. */
  @Property
  void eachTimeOfBothIsThereOnce(
      @ForAll List<@IntRange(min = -20, max = 20) Integer> times,
      @ForAll List<@IntRange(min = -20, max = 20) Integer> otherTimes) {
    TreeSet<Integer> both = new TreeSet<>(times);
    both.addAll(otherTimes);
    assertThat(MergedTimes.of(ascending(times), ascending(otherTimes)))
        .containsExactly(both.stream().mapToDouble(Integer::doubleValue).toArray());
  }

  private static double[] ascending(List<Integer> times) {
    return times.stream().mapToDouble(Integer::doubleValue).sorted().toArray();
  }
}
