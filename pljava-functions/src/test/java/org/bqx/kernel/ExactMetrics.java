package org.bqx.kernel;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The metrics of one window in decimal arithmetic of 80 digits: doubles enter exactly, sums are
 * exact, the fit solves the normal equations over k by Cramer's rule in integers.
 */
public final class ExactMetrics {

  private static final MathContext DIGITS = new MathContext(80);

  private ExactMetrics() {}

  public static double[] bqx(double[] window, double currentIndex) {
    BigDecimal current = new BigDecimal(currentIndex);
    BigDecimal length = BigDecimal.valueOf(window.length);
    BigDecimal sum = BigDecimal.ZERO;
    BigDecimal max = new BigDecimal(window[0]);
    BigDecimal min = max;
    for (double value : window) {
      BigDecimal x = new BigDecimal(value);
      sum = sum.add(x);
      max = max.max(x);
      min = min.min(x);
    }
    BigDecimal mean = sum.divide(length, DIGITS);
    BigDecimal squares = BigDecimal.ZERO;
    for (double value : window) {
      squares = squares.add(new BigDecimal(value).subtract(mean).pow(2), DIGITS);
    }
    BigDecimal stdev = squares.divide(length.subtract(BigDecimal.ONE), DIGITS).sqrt(DIGITS);
    BigDecimal totalReturn = sum.subtract(length.multiply(current)).divide(current, DIGITS);
    return new double[] {
      totalReturn.doubleValue(),
      totalReturn.divide(length, DIGITS).doubleValue(),
      max.doubleValue(),
      min.doubleValue(),
      mean.doubleValue(),
      stdev.doubleValue(),
      new BigDecimal(window[0]).subtract(current).divide(current, DIGITS).doubleValue(),
      max.subtract(min).divide(current, DIGITS).doubleValue(),
      stdev.divide(current, DIGITS).doubleValue()
    };
  }

  public static double[] reg(double[] window, double currentIndex) {
    int length = window.length;
    BigDecimal[] powers = new BigDecimal[5];
    BigDecimal[] moments = new BigDecimal[3];
    for (int i = 0; i < 5; i++) {
      BigDecimal power = BigDecimal.ZERO;
      BigDecimal moment = BigDecimal.ZERO;
      for (int k = 0; k < length; k++) {
        BigDecimal term = BigDecimal.valueOf(k).pow(i);
        power = power.add(term);
        moment = moment.add(term.multiply(new BigDecimal(window[k])));
      }
      powers[i] = power;
      if (i < 3) {
        moments[i] = moment;
      }
    }
    BigDecimal[][] normal = new BigDecimal[3][3];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        normal[i][j] = powers[i + j];
      }
    }
    BigDecimal determinant = determinant(normal);
    BigDecimal[] fit = new BigDecimal[3];
    for (int column = 0; column < 3; column++) {
      BigDecimal[][] replaced = new BigDecimal[3][];
      for (int i = 0; i < 3; i++) {
        replaced[i] = normal[i].clone();
        replaced[i][column] = moments[i];
      }
      fit[column] = determinant(replaced).divide(determinant, DIGITS);
    }
    BigDecimal c = fit[0];
    BigDecimal b = fit[1];
    BigDecimal a = fit[2];
    BigDecimal mean = moments[0].divide(BigDecimal.valueOf(length), DIGITS);
    BigDecimal total = BigDecimal.ZERO;
    BigDecimal residuals = BigDecimal.ZERO;
    BigDecimal residual = BigDecimal.ZERO;
    boolean constant = true;
    for (int i = 0; i < length; i++) {
      BigDecimal k = BigDecimal.valueOf(i);
      BigDecimal y = new BigDecimal(window[i]);
      residual = y.subtract(c).subtract(k.multiply(b)).subtract(k.multiply(k).multiply(a));
      residuals = residuals.add(residual.pow(2), DIGITS);
      total = total.add(y.subtract(mean).pow(2), DIGITS);
      constant &= window[i] == window[0];
    }
    BigDecimal span = BigDecimal.valueOf(length - 1L);
    BigDecimal first = new BigDecimal(window[0]);
    return new double[] {
      a.doubleValue(),
      b.doubleValue(),
      c.doubleValue(),
      a.multiply(span).multiply(span).doubleValue(),
      b.multiply(span).doubleValue(),
      constant ? 0 : BigDecimal.ONE.subtract(residuals.divide(total, DIGITS)).doubleValue(),
      residuals.divide(BigDecimal.valueOf(length), DIGITS).sqrt(DIGITS).doubleValue(),
      residual.doubleValue(),
      new BigDecimal(currentIndex).subtract(first).divide(first, DIGITS).doubleValue()
    };
  }

  private static BigDecimal determinant(BigDecimal[][] m) {
    return m[0][0]
        .multiply(m[1][1].multiply(m[2][2]).subtract(m[1][2].multiply(m[2][1])))
        .subtract(m[0][1].multiply(m[1][0].multiply(m[2][2]).subtract(m[1][2].multiply(m[2][0]))))
        .add(m[0][2].multiply(m[1][0].multiply(m[2][1]).subtract(m[1][1].multiply(m[2][0]))));
  }
}
