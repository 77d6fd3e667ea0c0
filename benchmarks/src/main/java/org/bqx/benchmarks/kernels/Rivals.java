package org.bqx.benchmarks.kernels;

/**
 * Other ways to compute the metrics of a family's windows. Those of a family are the class of this
 * package that is called as it: {@code RegRivals} are those of reg.
 */
public interface Rivals {
  /** Returns whether a family has rivals. */
  static boolean exist(String family) {
    try {
      type(family);
      return true;
    } catch (ClassNotFoundException none) {
      return false;
    }
  }

  /**
   * Returns a family's rivals.
   *
   * @throws IllegalArgumentException when it has none
   */
  static Rivals of(String family) {
    try {
      return (Rivals) type(family).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException none) {
      throw new IllegalArgumentException("family %s has no rivals".formatted(family), none);
    }
  }

  private static Class<?> type(String family) throws ClassNotFoundException {
    String name = Character.toUpperCase(family.charAt(0)) + family.substring(1);
    return Class.forName("%s.%sRivals".formatted(Rivals.class.getPackageName(), name));
  }

  /** Returns the number of metrics of a window. */
  int metrics();

  /** Writes the metrics as the formulas are written down: loops over the window, O(W) a row. */
  void naive(double[] rateIndex, int length, int bar, double[] row, int offset);

  /** Returns what Apache Commons Math offers, as its users would use it. */
  WindowRows.Metrics commonsMath(double[] rateIndex, int[] windowLengths, int skip);
}
