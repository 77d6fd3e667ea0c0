package org.bqx.kernel;

import java.util.Iterator;
import org.bqx.reference.RegReference;

class RegRowsTest extends RollingRowsContract {

  RegRowsTest() {
    super(Bound.REG);
  }

  @Override
  Iterator<double[]> rows(double[] rateIndex, int[] windows, int skip) {
    return RollingRows.reg(rateIndex, windows, skip);
  }

  @Override
  double[] reference(double[] window, double current) {
    return RegReference.metrics(window, current);
  }

  @Override
  double[] exact(double[] window, double current) {
    return ExactMetrics.reg(window, current);
  }

  @Override
  int shortestWindow() {
    return 3;
  }
}
