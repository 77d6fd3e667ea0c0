package example;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

/** Sets, sound and unsound. */
public final class Rows {
  private Rows() {}

  /** {@code rows} arrays of {@code width} elements: the row's number, its double, ... */
  public static Iterator<double[]> table(int rows, int width) {
    return new Iterator<double[]>() {
      private final double[] row = new double[width];
      private int next = 0;

      @Override
      public boolean hasNext() {
        return next < rows;
      }

      @Override
      public double[] next() {
        if (next >= rows) {
          throw new NoSuchElementException();
        }
        next++;
        for (int i = 0; i < width; i++) {
          row[i] = (double) next * (i + 1);
        }
        return row;
      }
    };
  }

  /** Sums of {@code window} neighbours. */
  public static Iterator<double[]> sums(double[] values, int[] windows, Integer skip) {
    return IntStream.range(skip == null ? 0 : skip, values.length)
        .mapToObj(
            i ->
                Arrays.stream(windows)
                    .filter(w -> w <= i + 1)
                    .mapToDouble(w -> Arrays.stream(values, i + 1 - w, i + 1).sum())
                    .toArray())
        .iterator();
  }

  /** Arrays of {@code width} doubles, each by its 64 bits. */
  public static Iterator<double[]> ofBits(long[] bits, int width) {
    return IntStream.range(0, bits.length / width)
        .mapToObj(
            i ->
                Arrays.stream(bits, i * width, (i + 1) * width)
                    .mapToDouble(Double::longBitsToDouble)
                    .toArray())
        .iterator();
  }

  public static Iterator<Integer> count(int rows) {
    return IntStream.rangeClosed(1, rows).iterator();
  }

  public static Iterator<String> words(String text) {
    return List.of(text.split(" ")).iterator();
  }

  public static Iterator<double[]> noIterator() {
    return null;
  }

  public static Iterator<double[]> nullElements() {
    return Arrays.asList(null, new double[] {1, 2}, null).iterator();
  }

  public static Iterator<Object> wrongElement() {
    return List.<Object>of(new double[] {1}, "two").iterator();
  }

  public static Iterator<Object> wrongArray() {
    return List.<Object>of(new int[] {1}).iterator();
  }

  public static Iterator<double[]> endless() {
    return table(Integer.MAX_VALUE, 2);
  }

  /** Two rows, then a search without end for the third. */
  public static Iterator<Integer> stuck() {
    return IntStream.iterate(1, i -> i + 1).filter(i -> i < 3 || Faults.loop(i) == 0).iterator();
  }

  /** Fails at row {@code row}. */
  public static Iterator<Integer> failing(int row) {
    return IntStream.rangeClosed(1, row).map(i -> 12 / (row - i)).iterator();
  }

  /** The same of arrays. */
  public static Iterator<double[]> failingArrays(int row) {
    return IntStream.rangeClosed(1, row).mapToObj(i -> new double[] {12 / (row - i)}).iterator();
  }

  /** Endless, and each row takes a while. */
  public static Iterator<double[]> slow() {
    return IntStream.iterate(1, i -> i + 1)
        .mapToObj(i -> new double[] {Faults.spin(100)})
        .iterator();
  }

  /** Endless, and holds 8 MB: a leak of some of these exhausts the heap. */
  public static Iterator<Integer> heavy() {
    double[] ballast = new double[1 << 20];
    return IntStream.iterate(1, i -> i + 1 + (int) ballast[0]).iterator();
  }
}
