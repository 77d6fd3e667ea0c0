package org.bqx.benchmarks.report;

import java.util.List;

/**
 * What a run of the benchmark found.
 *
 * @param machine where
 * @param ratios what it comes down to
 * @param partitions one a family
 * @param range several partitions, by workers
 */
public record BenchReport(
    Machine machine, List<Ratio> ratios, List<PartitionResult> partitions, RangeResult range) {
  private static final double SPEEDUP_GOAL = 1.7;
  private static final double BACKEND_GOAL = 300;
  private static final double FIRST_GOAL = 150;

  /** Copies the lists. */
  public BenchReport {
    ratios = List.copyOf(ratios);
    partitions = List.copyOf(partitions);
  }

  /**
   * One ratio.
   *
   * @param what what is divided by what
   * @param value the ratio, milliseconds of a first partition, or mebibytes of a backend
   * @param goal what it should be, null where nothing is promised
   * @param reached whether it is
   */
  public record Ratio(String what, double value, String goal, boolean reached) {
    private static Ratio atMost(String what, double value, double bound) {
      return new Ratio(what, value, "≤ " + Numbers.plain(bound), value <= bound);
    }

    private static Ratio atLeast(String what, double value, double bound) {
      return new Ratio(what, value, "≥ " + Numbers.plain(bound), value >= bound);
    }
  }

  /** Works out the ratios. */
  public static BenchReport of(
      Machine machine, List<PartitionResult> partitions, RangeResult range) {
    java.util.ArrayList<Ratio> ratios = new java.util.ArrayList<>();
    for (PartitionResult partition : partitions) {
      String family = partition.family();
      ratios.add(
          Ratio.atMost(
              family + ", a missing partition / the floor",
              partition.ratioToFloor(Measure.MISSING),
              1));
      ratios.add(
          Ratio.atMost(
              family + ", new table and INSERT / the floor's",
              partition.ratio(Measure.INSERT, Measure.FLOOR_INSERT),
              0.6));
      for (Measure other : List.of(Measure.CREATE_AS, Measure.DISK)) {
        ratios.add(
            new Ratio(
                "%s, a missing partition / %s".formatted(family, other.label()),
                partition.ratio(Measure.MISSING, other),
                null,
                true));
      }
      Sample first = partition.samples().get(Measure.FIRST);
      ratios.add(
          new Ratio(
              family + ", milliseconds of a session's first partition",
              first.milliseconds(),
              "< 150",
              first.milliseconds() < FIRST_GOAL));
      // Whoever replaces rows has old ones to remove; so has TRUNCATE.
      ratios.add(
          Ratio.atMost(
              family + ", a done partition, forced / TRUNCATE and INSERT",
              partition.ratio(Measure.FORCED, Measure.TRUNCATE),
              1.4));
      ratios.add(
          new Ratio(
              family + ", a done partition, forced / the floor",
              partition.ratioToFloor(Measure.FORCED),
              null,
              true));
    }
    for (PartitionResult partition : partitions) {
      for (Measure rival : partition.samples().keySet()) {
        if (rival.kind() == Measure.Kind.RIVAL) {
          ratios.add(
              Ratio.atLeast(
                  "%s, %s / a missing partition".formatted(partition.family(), rival.label()),
                  partition.ratioToBackfill(rival),
                  rival == Measure.SQL ? 25 : 10));
        }
      }
    }
    for (RangeResult.WithWorkers measured : range.byWorkers()) {
      String workers = measured.workers() == 1 ? "1 worker" : measured.workers() + " workers";
      ratios.add(
          Ratio.atMost(
              "range, %s / the floor by as many sessions".formatted(workers),
              measured.backfill().ratioTo(measured.floor()),
              1.1));
      if (measured != range.byWorkers().get(0)) {
        String one = range.byWorkers().get(0).workers() + " / ";
        double speedup = range.speedup(measured);
        double floorSpeedup = range.floorSpeedup(measured);
        String what = "range, %s%s".formatted(one, workers);
        ratios.add(
            measured.workers() == 2 && range.byWorkers().get(0).workers() == 1
                // What the disk does not give PostgreSQL alone, it gives nobody.
                ? new Ratio(
                    what,
                    speedup,
                    "≥ 1.70, or the floor's own",
                    speedup >= Math.min(SPEEDUP_GOAL, floorSpeedup))
                : new Ratio(what, speedup, null, true));
        ratios.add(new Ratio(what + ", the floor's own", floorSpeedup, null, true));
      }
      ratios.add(
          new Ratio(
              "MiB of a backend, " + workers,
              measured.backendMebibytes(),
              "< 300",
              measured.backendMebibytes() < BACKEND_GOAL));
    }
    return new BenchReport(machine, ratios, partitions, range);
  }
}
