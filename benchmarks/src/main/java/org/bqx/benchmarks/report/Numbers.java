package org.bqx.benchmarks.report;

import java.util.Locale;

/** Numbers for people. */
final class Numbers {
  private Numbers() {}

  /** Returns three digits, more where there are more before the point. */
  static String plain(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  /** Returns milliseconds as {@code 98.2 ms} or {@code 4.13 s}. */
  static String duration(double milliseconds) {
    return milliseconds < 1000 ? plain(milliseconds) + " ms" : plain(milliseconds / 1000) + " s";
  }
}
