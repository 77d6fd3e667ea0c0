package org.bqx.kernel;

class BqxRowsTest extends PastWindowsContract {

  BqxRowsTest() {
    super("bqx");
  }

  @Override
  double[] exact(double[] window, double current) {
    return ExactMetrics.bqx(window, current);
  }
}
