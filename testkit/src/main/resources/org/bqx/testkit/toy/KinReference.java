package org.bqx.reference;

import java.util.stream.IntStream;
import org.bqx.kernel.Bars;

/** The family kin, by streams. */
final class KinReference implements Reference {
  @Override
  public double[] row(Bars bars, int bar, int[] windows) {
    int[] there =
        IntStream.range(0, bars.inputs() / 3)
            .map(i -> 1 + 3 * i)
            .filter(i -> bars.at(i, bar) == bars.at(i, bar))
            .toArray();
    return new double[] {
      bars.at(0, bar),
      there.length,
      IntStream.of(there).filter(i -> bars.at(i, bar) > 0).count(),
      IntStream.of(there).mapToDouble(i -> bars.at(i + 1, bar)).average().orElse(Double.NaN),
      IntStream.of(there).mapToDouble(i -> bars.at(i + 2, bar)).max().orElse(Double.NaN)
    };
  }
}
