package org.bqx.kernel;

class RegRowsTest extends PastWindowsContract {

  RegRowsTest() {
    super("reg");
  }

  @Override
  double[] exact(double[] window, double current) {
    return ExactMetrics.reg(window, current);
  }

  @Override
  double absolute(String column) {
    return Bound.ofReg(column);
  }
}
