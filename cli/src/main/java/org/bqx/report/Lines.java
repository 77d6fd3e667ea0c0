package org.bqx.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Lines over common times.
 *
 * @param times seconds since 1970, strictly ascending
 * @param values a list for each line, as long as {@code times}; null where it has no value
 */
public record Lines(List<Long> times, List<List<Double>> values) {
  private static final long LONGEST_GAP_SECONDS = 3600;

  /** Copies the outer lists. Those within them are not copied, since they hold nulls. */
  public Lines {
    times = List.copyOf(times);
    values = List.copyOf(values);
  }

  /**
   * Returns no more than {@code buckets} times a few of the times, such that a drawing looks the
   * same: of each bucket, its first and last time and those of each line's lowest and highest
   * value.
   */
  Lines thinned(int buckets) {
    int size = times.size();
    if (size <= 4 * buckets) {
      return this;
    }
    TreeSet<Integer> kept = new TreeSet<>();
    for (int bucket = 0; bucket < buckets; bucket++) {
      int from = (int) ((long) size * bucket / buckets);
      int to = (int) ((long) size * (bucket + 1) / buckets);
      kept.add(from);
      kept.add(to - 1);
      for (List<Double> line : values) {
        addExtremes(line, from, to, kept);
      }
    }
    return new Lines(
        kept.stream().map(times::get).toList(),
        values.stream().map(line -> at(line, kept)).toList());
  }

  /** Returns the same with a time without values in each gap of more than an hour. */
  Lines broken() {
    List<Long> brokenTimes = new ArrayList<>();
    List<List<Double>> brokenValues = new ArrayList<>();
    values.forEach(line -> brokenValues.add(new ArrayList<>()));
    for (int i = 0; i < times.size(); i++) {
      if (i > 0 && times.get(i) - times.get(i - 1) > LONGEST_GAP_SECONDS) {
        brokenTimes.add((times.get(i) + times.get(i - 1)) / 2);
        brokenValues.forEach(line -> line.add(null));
      }
      brokenTimes.add(times.get(i));
      for (int line = 0; line < values.size(); line++) {
        brokenValues.get(line).add(values.get(line).get(i));
      }
    }
    return new Lines(brokenTimes, brokenValues);
  }

  private static void addExtremes(List<Double> line, int from, int to, TreeSet<Integer> kept) {
    int lowest = -1;
    int highest = -1;
    for (int i = from; i < to; i++) {
      if (line.get(i) == null) {
        continue;
      }
      if (lowest < 0 || line.get(i) < line.get(lowest)) {
        lowest = i;
      }
      if (highest < 0 || line.get(i) > line.get(highest)) {
        highest = i;
      }
    }
    if (lowest >= 0) {
      kept.add(lowest);
      kept.add(highest);
    }
  }

  private static List<Double> at(List<Double> line, TreeSet<Integer> kept) {
    List<Double> values = new ArrayList<>();
    kept.forEach(i -> values.add(line.get(i)));
    return values;
  }
}
