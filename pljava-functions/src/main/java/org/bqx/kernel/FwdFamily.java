package org.bqx.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Forward returns, a target: how the W bars after a bar, F = {x(t+1) ... x(t+W)}, deviate from it.
 * The mirror image of {@link BqxFamily}; positive means that the price fell.
 *
 * <p>Every column needs no bar before its own, so that columns are ordered by metric, then window.
 */
final class FwdFamily implements Family {

  static final String NAME = "fwd";

  private static final String[] METRICS = {
    "return",
    "mean_return",
    "max_index",
    "min_index",
    "avg_index",
    "stdev_index",
    "endpoint",
    "range",
    "volatility"
  };

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int revision() {
    return 1;
  }

  @Override
  public List<String> inputNames() {
    return List.of("rate_index");
  }

  @Override
  public int shortestWindow() {
    return 2;
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    List<FwdWindow> futures = new ArrayList<>();
    for (int length : windows) {
      futures.add(new FwdWindow(bars, length));
    }
    List<Columns> columns = new ArrayList<>();
    for (int metric = 0; metric < METRICS.length; metric++) {
      for (FwdWindow future : futures) {
        columns.add(new Metric(future, metric));
      }
    }
    return columns;
  }

  /** One metric of a window, which computes all nine when the first of them asks. */
  private static final class Metric extends ColumnGroup {
    private final FwdWindow future;
    private final int metric;

    Metric(FwdWindow future, int metric) {
      super(NAME, future.length(), 0, METRICS[metric]);
      this.future = future;
      this.metric = metric;
    }

    @Override
    public int lookahead() {
      return future.length();
    }

    @Override
    public void start(int bar) {
      future.start(bar);
    }

    @Override
    public void write(int from, int to, double[][] rows, int offset) {
      double[] values = future.metrics(from, to);
      for (int i = 0, k = metric; i < to - from; i++, k += FwdWindow.METRICS) {
        rows[i][offset] = values[k];
      }
    }
  }
}
