package org.bqx.kernel;

/**
 * The greatest or least of the last N values, which must not be NaN.
 *
 * <p>A queue holds the values that no later one exceeds, in descending order: a value enters at the
 * back after those that it exceeds have left there, and leaves at the front when it is too old. So
 * a value costs two comparisons, whatever N is.
 */
final class SlidingExtreme {

  private final int length;
  private final double sign;
  private final double[] values;
  private final int[] places;
  private int front;
  private int size;
  private int taken;

  private SlidingExtreme(int length, double sign) {
    this.length = length;
    this.sign = sign;
    values = new double[length];
    places = new int[length];
  }

  static SlidingExtreme maximum(int length) {
    return new SlidingExtreme(length, 1);
  }

  static SlidingExtreme minimum(int length) {
    return new SlidingExtreme(length, -1);
  }

  void reset() {
    size = 0;
    taken = 0;
  }

  /** Takes in a value and returns the extreme of the last N, or of all if there are fewer. */
  double take(double value) {
    double next = sign * value;
    if (size > 0 && places[front] <= taken - length) {
      front = after(front);
      size--;
    }
    while (size > 0 && values[back(size - 1)] <= next) {
      size--;
    }
    int back = back(size++);
    values[back] = next;
    places[back] = taken++;
    return sign * values[front];
  }

  private int back(int steps) {
    int place = front + steps;
    return place < length ? place : place - length;
  }

  private int after(int place) {
    return place + 1 == length ? 0 : place + 1;
  }
}
