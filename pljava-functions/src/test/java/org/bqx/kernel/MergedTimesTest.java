package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MergedTimesTest {

  @Test
  void seriesWithoutBarsHaveNoTimes() {
    assertThat(MergedTimes.of(new double[] {Double.NaN, Double.NaN}, 0)).isEmpty();
  }

  /** Beside a set that the platform keeps in order. */
  @Property
  void eachTimeThatCountsIsThereOnce(
      @ForAll List<List<@IntRange(min = -20, max = 20) Integer>> series,
      @ForAll @IntRange(min = -25, max = 25) int first) {
    TreeSet<Integer> all = new TreeSet<>();
    List<Double> times = new ArrayList<>();
    for (List<Integer> one : series) {
      all.addAll(one);
      times.add(Double.NaN);
      one.forEach(time -> times.add(time.doubleValue()));
    }
    assertThat(MergedTimes.of(times.stream().mapToDouble(Double::doubleValue).toArray(), first))
        .containsExactly(all.tailSet(first).stream().mapToDouble(Integer::doubleValue).toArray());
  }
}
