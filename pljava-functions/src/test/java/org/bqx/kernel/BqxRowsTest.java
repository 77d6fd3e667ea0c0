package org.bqx.kernel;

import java.util.Iterator;
import org.bqx.reference.BqxReference;

class BqxRowsTest extends RollingRowsContract {

  BqxRowsTest() {
    super(Bound.BQX);
  }

  @Override
  Iterator<double[]> rows(double[] rateIndex, int[] windows, int skip) {
    return RollingRows.bqx(rateIndex, windows, skip);
  }

  @Override
  double[] reference(double[] window, double current) {
    return BqxReference.metrics(window, current);
  }

  @Override
  double[] exact(double[] window, double current) {
    return ExactMetrics.bqx(window, current);
  }

  @Override
  int shortestWindow() {
    return 2;
  }
}
