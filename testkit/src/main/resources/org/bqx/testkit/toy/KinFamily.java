package org.bqx.kernel;

import java.util.List;

/** Of the related pairs: how many have a value, the mean close of these, and the greatest age. */
final class KinFamily implements Family {
  @Override
  public String name() {
    return "kin";
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
  public int inputsStep() {
    return 6;
  }

  @Override
  public int shortestWindow() {
    return 0;
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    return List.of(
        new ToyColumns(
            List.of("kin_count", "kin_rising", "kin_mean_close", "kin_age"),
            0,
            0,
            t -> count(bars, t),
            t -> rising(bars, t),
            t -> sum(bars, t, 1) / count(bars, t),
            t -> count(bars, t) == 0 ? Double.NaN : age(bars, t)));
  }

  private static double count(Bars bars, int t) {
    double count = 0;
    for (int input = 1; input < bars.inputs(); input += 3) {
      count += Double.isNaN(bars.at(input, t)) ? 0 : 1;
    }
    return count;
  }

  private static double rising(Bars bars, int t) {
    double count = 0;
    for (int input = 1; input < bars.inputs(); input += 3) {
      count += bars.at(input, t) > 0 ? 1 : 0;
    }
    return count;
  }

  private static double sum(Bars bars, int t, int column) {
    double sum = 0;
    for (int input = 1; input < bars.inputs(); input += 3) {
      sum += Double.isNaN(bars.at(input, t)) ? 0 : bars.at(input + column, t);
    }
    return sum;
  }

  private static double age(Bars bars, int t) {
    double age = 0;
    for (int input = 1; input < bars.inputs(); input += 3) {
      age = Double.isNaN(bars.at(input, t)) ? age : Math.max(age, bars.at(input + 2, t));
    }
    return age;
  }
}
