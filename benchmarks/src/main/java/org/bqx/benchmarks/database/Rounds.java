package org.bqx.benchmarks.database;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bqx.benchmarks.report.Sample;

/**
 * Measures several things in turn, round after round, so that whatever slows the machine down slows
 * all of them down.
 *
 * @param <K> what a measured time is of
 */
final class Rounds<K> {
  /** Does something once and says what it took. */
  interface Task<K> {
    /** Returns milliseconds. */
    Map<K, Double> run() throws Exception;
  }

  /** Something that is done, and takes its time. */
  interface Action {
    void run() throws Exception;
  }

  private record Entry<K>(int dropped, Task<K> task) {}

  private final List<Entry<K>> entries = new ArrayList<>();

  /**
   * Adds something that times itself.
   *
   * @param dropped rounds before those that count: caches fill, Java gets compiled
   */
  void add(int dropped, Task<K> task) {
    entries.add(new Entry<>(dropped, task));
  }

  /**
   * Adds something that is timed from outside.
   *
   * @param dropped rounds before those that count
   * @param before done before, not timed
   * @param after done after, not timed
   */
  void add(int dropped, K of, Action before, Action timed, Action after) {
    add(
        dropped,
        () -> {
          before.run();
          double milliseconds = milliseconds(timed);
          after.run();
          return Map.of(of, milliseconds);
        });
  }

  static double milliseconds(Action action) throws Exception {
    long start = System.nanoTime();
    action.run();
    return (System.nanoTime() - start) / 1e6;
  }

  /**
   * Runs all tasks round after round.
   *
   * @param rounds rounds that count
   * @param afterTask is told of each task's end
   */
  Map<K, Sample> run(int rounds, Runnable afterTask) throws Exception {
    Map<K, List<Double>> measured = new LinkedHashMap<>();
    int first = -entries.stream().mapToInt(Entry::dropped).max().orElse(0);
    for (int round = first; round < rounds; round++) {
      for (Entry<K> entry : entries) {
        if (round < -entry.dropped()) {
          continue;
        }
        Map<K, Double> times = entry.task().run();
        if (round >= 0) {
          times.forEach(
              (of, time) -> measured.computeIfAbsent(of, k -> new ArrayList<>()).add(time));
        }
        afterTask.run();
      }
    }
    Map<K, Sample> samples = new LinkedHashMap<>();
    measured.forEach((of, times) -> samples.put(of, Sample.of(times)));
    return samples;
  }

  /** Returns how many tasks {@link #run} runs. */
  int size(int rounds) {
    return entries.stream().mapToInt(entry -> entry.dropped() + rounds).sum();
  }
}
