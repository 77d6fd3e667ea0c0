package org.bqx.kernel;

/**
 * An exponential average that starts with the first value it sees:
 *
 * <pre>
 *   y(0) = z(0)
 *   EMA(N):     y(t) = y(t-1) + (z(t) - y(t-1)) * 2/(N+1)
 *   Wilder(N):  y(t) = y(t-1) + (z(t) - y(t-1)) / N
 * </pre>
 *
 * <p>Where z is 0 for thousands of bars y decays into denormal numbers, which are slow: an average
 * below 1e-300 becomes 0.
 *
 * <p>Wilder's averages are those of J. Welles Wilder, New Concepts in Technical Trading Systems
 * (1978).
 */
final class Average {

  static final double LEAST = 1e-300;

  private final double weight;
  private final double divisor;
  private double value;
  private boolean started;

  private Average(double weight, double divisor) {
    this.weight = weight;
    this.divisor = divisor;
  }

  static Average ema(int length) {
    return new Average(2.0 / (length + 1), 1);
  }

  static Average wilder(int length) {
    return new Average(1, length);
  }

  void reset() {
    started = false;
    value = 0;
  }

  /** Takes in a value and returns the average. */
  double take(double next) {
    if (started) {
      // One of the two factors is 1, which changes no bit.
      value += (next - value) * weight / divisor;
      if (Math.abs(value) < LEAST) {
        value = 0;
      }
    } else {
      value = next;
      started = true;
    }
    return value;
  }

  double value() {
    return value;
  }
}
