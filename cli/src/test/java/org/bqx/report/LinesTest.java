package org.bqx.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LinesTest {
  @Test
  void thinningKeepsEndsAndExtremes() {
    Lines all = Reports.series("eurusd", 44_640).charts().get(1).values();
    all.values().get(2).set(12_345, 7.0);
    all.values().get(4).set(20_001, -7.0);
    Lines thinned = all.thinned(400);
    assertThat(thinned.times()).hasSizeLessThan(400 * 14).isSubsetOf(all.times());
    assertThat(thinned.times()).isSorted().doesNotHaveDuplicates();
    assertThat(thinned.times()).contains(all.times().get(0), all.times().get(44_639));
    for (int line = 0; line < all.values().size(); line++) {
      assertThat(lowest(thinned, line)).isEqualTo(lowest(all, line));
      assertThat(highest(thinned, line)).isEqualTo(highest(all, line));
    }
    int at = thinned.times().indexOf(all.times().get(12_345));
    assertThat(thinned.values().get(2).get(at)).isEqualTo(7.0);
    assertThat(thinned.values().get(0).get(at)).isEqualTo(all.values().get(0).get(12_345));
  }

  @Test
  void whatIsShortStaysAsItIs() {
    Lines few = new Lines(List.of(0L, 60L), List.of(Arrays.asList(1.0, null)));
    assertThat(few.thinned(400)).isEqualTo(few);
    assertThat(new Lines(List.of(), List.of(List.of())).thinned(400).broken().times()).isEmpty();
  }

  @Test
  void aGapOfMoreThanAnHourBreaksTheLine() {
    Lines lines = new Lines(List.of(0L, 3600L, 7260L), List.of(List.of(1.0, 2.0, 3.0)));
    assertThat(lines.broken())
        .isEqualTo(
            new Lines(
                List.of(0L, 3600L, 5430L, 7260L), List.of(Arrays.asList(1.0, 2.0, null, 3.0))));
  }

  private static double lowest(Lines lines, int line) {
    return Collections.min(lines.values().get(line).stream().filter(Objects::nonNull).toList());
  }

  private static double highest(Lines lines, int line) {
    return Collections.max(lines.values().get(line).stream().filter(Objects::nonNull).toList());
  }
}
