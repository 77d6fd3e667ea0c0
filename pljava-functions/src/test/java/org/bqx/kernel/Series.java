package org.bqx.kernel;

import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** Series that are hard on rolling sums, and walks like those of prices. */
enum Series {
  CONSTANT(i -> 100.1),
  STEP(i -> i < 700 ? 100.1 : 101.37),
  TALL_STEP(i -> i < 700 ? 100.1 : 163.7),
  STEPS_BETWEEN_PAUSES(i -> 100 + i / 200 * 0.1),
  SPIKE(i -> i == 800 ? 1e6 : 100.1),
  SPIKE_IN_NOISE(i -> i == 800 ? 1e6 : 100 + 0.3 * noise(i)),
  SPIKE_AT_A_BLOCK_EDGE(i -> i == 719 ? 1e6 : 100 + 0.3 * noise(i)),
  SPIKE_AFTER_A_BLOCK_EDGE(i -> i == 720 ? 1e6 : 100 + 0.3 * noise(i)),
  PARABOLA(i -> 100 + 1e-6 * (i - 500) * (i - 500)),
  STEEP_PARABOLA(i -> 100 + 1e-5 * i * i),
  LINE(i -> 100 + 0.001 * i),
  WAVE(i -> 100 + 0.2 * Math.sin(i / 150.0)),
  FAINT_NOISE(i -> 100 + 1e-9 * noise(i)),
  FALLEN_PRICE(i -> 1e-3 + 1e-6 * noise(i)),
  WALK(walk(1e-4)),
  FAST_WALK(walk(3e-3));

  static final int LENGTH = 1_500;

  private final IntToDoubleFunction value;

  Series(IntToDoubleFunction value) {
    this.value = value;
  }

  double[] bars() {
    double[] values = new double[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = value.applyAsDouble(i);
    }
    return values;
  }

  private static double noise(int i) {
    return new Random(7919L * i).nextGaussian();
  }

  private static IntToDoubleFunction walk(double volatility) {
    double[] values = walk(LENGTH, volatility, 42);
    return i -> values[i];
  }

  static double[] walk(int length, double volatility, long seed) {
    Random random = new Random(seed);
    double[] values = new double[length];
    double value = 100;
    for (int i = 0; i < length; i++) {
      value *= Math.exp(volatility * random.nextGaussian());
      values[i] = value;
    }
    return values;
  }
}
