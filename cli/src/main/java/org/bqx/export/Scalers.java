package org.bqx.export;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Mean, standard deviation, median and MAD of the columns of doubles over the rows that are added:
 * those for training, and no other.
 *
 * <p>Mean and standard deviation are of all rows, by Welford's recurrence: m' = m + (x - m) / n, s'
 * = s + (x - m)(x - m'). A median needs its values, and memory has a limit. So where the rows are
 * many, median and MAD are of every n-th row.
 */
final class Scalers {
  /** 64 MiB of doubles. */
  private static final long SAMPLE_VALUES = 1L << 23;

  private final List<String> names = new ArrayList<>();
  private final int[] columns;
  private final long[] counts;
  private final double[] means;
  private final double[] squares;
  private final double[][] samples;
  private final int[] sampled;
  private final int every;
  private long rows;

  /**
   * @param all the columns of the rows
   * @param mostRows how many rows there may be
   */
  Scalers(List<ExportColumn> all, long mostRows) {
    this(all, mostRows, SAMPLE_VALUES);
  }

  Scalers(List<ExportColumn> all, long mostRows, long sampleValues) {
    int[] found = new int[all.size()];
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).type() == ColumnType.DOUBLE) {
        found[names.size()] = i;
        names.add(all.get(i).name());
      }
    }
    columns = Arrays.copyOf(found, names.size());
    long most = Math.max(1, sampleValues / Math.max(1, columns.length));
    every = Math.toIntExact(Math.max(1, (mostRows + most - 1) / most));
    counts = new long[columns.length];
    means = new double[columns.length];
    squares = new double[columns.length];
    sampled = new int[columns.length];
    samples = new double[columns.length][0];
  }

  /** Returns how many rows there are to one that median and MAD see. */
  int every() {
    return every;
  }

  /** What was added up to some moment. */
  record Mark(long rows, long[] counts, double[] means, double[] squares, int[] sampled) {}

  /** Returns what was added up to now. */
  Mark mark() {
    return new Mark(rows, counts.clone(), means.clone(), squares.clone(), sampled.clone());
  }

  /** Takes back the rows that were added since. */
  void goBackTo(Mark mark) {
    rows = mark.rows();
    copy(mark.counts(), counts);
    copy(mark.means(), means);
    copy(mark.squares(), squares);
    copy(mark.sampled(), sampled);
  }

  private static void copy(Object from, Object to) {
    System.arraycopy(from, 0, to, 0, Array.getLength(from));
  }

  void add(Row row) {
    boolean isSampled = rows % every == 0;
    rows++;
    for (int i = 0; i < columns.length; i++) {
      if (!row.isNull(columns[i])) {
        double value = row.getDouble(columns[i]);
        double distance = value - means[i];
        counts[i]++;
        means[i] += distance / counts[i];
        squares[i] += distance * (value - means[i]);
        if (isSampled) {
          if (sampled[i] == samples[i].length) {
            samples[i] = Arrays.copyOf(samples[i], Math.max(1024, sampled[i] * 3 / 2));
          }
          samples[i][sampled[i]++] = value;
        }
      }
    }
  }

  /** Returns the scalers in the columns' order, none without rows. The rows are used up. */
  List<Scaler> scalers() {
    // Two sorts a column, when nothing else is left to do.
    return rows == 0
        ? List.of()
        : IntStream.range(0, columns.length).parallel().mapToObj(this::scaler).toList();
  }

  private Scaler scaler(int i) {
    double[] values = Arrays.copyOf(samples[i], sampled[i]);
    samples[i] = null;
    Double median = median(values);
    Double mad = null;
    if (median != null) {
      for (int j = 0; j < values.length; j++) {
        values[j] = Math.abs(values[j] - median);
      }
      mad = median(values);
    }
    return new Scaler(
        names.get(i),
        counts[i],
        counts[i] == 0 ? null : means[i],
        counts[i] < 2 ? null : Math.sqrt(squares[i] / (counts[i] - 1)),
        values.length,
        median,
        mad);
  }

  private static Double median(double[] values) {
    if (values.length == 0) {
      return null;
    }
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1
        ? values[middle]
        : values[middle - 1] + (values[middle] - values[middle - 1]) / 2;
  }
}
