package org.bqx.monitor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bqx.gaps.BarsSummary;
import org.bqx.partition.LeftOut;
import org.bqx.partition.PartitionState;
import org.bqx.terminal.Printable;

/**
 * A snapshot as metrics: OpenMetrics 1.0, and the text format 0.0.4 of Prometheus too, since all
 * are gauges. What is not known has no sample. docs/monitor.md lists them.
 */
public final class OpenMetrics {
  private static final double NANOS = 1e9;

  private final List<String> lines = new ArrayList<>();
  private String current;

  private OpenMetrics() {}

  /**
   * Returns the lines.
   *
   * @param version of this program
   * @param newestBars the time of the last bar of each pair that has any
   */
  public static List<String> lines(
      String version, Snapshot snapshot, BarsSummary bars, Map<String, Instant> newestBars) {
    OpenMetrics metrics = new OpenMetrics();
    metrics.metric("bqx_build_info", null, "The program that read these figures.");
    metrics.sample(1.0, "version", version);
    metrics.families(snapshot);
    metrics.server(snapshot);
    metrics.bars(bars, newestBars);
    metrics.lines.add("# EOF");
    return List.copyOf(metrics.lines);
  }

  private void families(Snapshot snapshot) {
    metric(
        "bqx_partitions", null, "Months of pairs that have bars, or rows to be removed, by state.");
    for (FamilyProgress family : snapshot.families()) {
      states(family).forEach((state, count) -> state(family, state, count));
    }
    metric(
        "bqx_partitions_left_out", null, "Months of pairs with nothing to compute from, by why.");
    for (FamilyProgress family : snapshot.families()) {
      LeftOut none =
          LeftOut.of(
              snapshot.partitions().stream()
                  .filter(partition -> partition.family().equals(family.family()))
                  .map(PartitionFact::state));
      state(family, PartitionState.NO_BARS.toString(), none.noBars());
      state(family, PartitionState.NO_QUOTES.toString(), none.noQuotes());
    }
    metric("bqx_rows", null, "Rows of a family in all partitions.");
    for (FamilyProgress family : snapshot.families()) {
      sample((double) family.rows(), "family", family.family());
    }
    metric("bqx_table_bytes", "bytes", "Size of a family on disk, with indexes.");
    for (FamilyProgress family : snapshot.families()) {
      sample(
          family.bytes() == null ? null : family.bytes().doubleValue(), "family", family.family());
    }
    metric("bqx_rows_per_second", null, "Rate of a family in the last burst of work.");
    for (FamilyProgress family : snapshot.families()) {
      sample(family.rowsPerSecond(), "family", family.family());
    }
    metric("bqx_eta_seconds", "seconds", "Time until what runs has computed its part of a family.");
    for (FamilyProgress family : snapshot.families()) {
      sample(family.etaSeconds(), "family", family.family());
    }
    metric(
        "bqx_last_computed_timestamp_seconds",
        "seconds",
        "When a partition of a family was computed last.");
    Map<String, Instant> last =
        snapshot.partitions().stream()
            .filter(p -> p.written() != null && p.finishedAt() != null)
            .collect(
                Collectors.toMap(
                    PartitionFact::family,
                    PartitionFact::finishedAt,
                    (a, b) -> a.isAfter(b) ? a : b));
    for (FamilyProgress family : snapshot.families()) {
      sample(seconds(last.get(family.family())), "family", family.family());
    }
  }

  private static Map<String, Integer> states(FamilyProgress family) {
    return new TreeMap<>(
        Map.of(
            "done", family.done(),
            "again", family.again(),
            "removal", family.removals(),
            "running", family.running(),
            "missing", family.missing(),
            "stale", family.stale(),
            "failed", family.failed(),
            "unreachable", family.unreachable()));
  }

  private void state(FamilyProgress family, String state, int count) {
    sample((double) count, "family", family.family(), "state", state);
  }

  private void server(Snapshot snapshot) {
    metric("bqx_runs", null, "Runs of backfill and correlate that go on.");
    sample((double) snapshot.runs().size());
    metric("bqx_computing_backends", null, "Backends that compute a partition.");
    sample((double) snapshot.workers().stream().filter(w -> w.partition() != null).count());
    metric(
        "bqx_stalest_heartbeat_seconds",
        "seconds",
        "Age of the oldest statement that computes a partition.");
    sample(snapshot.stalestHeartbeat() == null ? null : snapshot.stalestHeartbeat().seconds());
    metric("bqx_connections", null, "Client connections to the server.");
    sample((double) snapshot.connections());
    metric("bqx_max_connections", null, "Client connections that the server allows.");
    sample((double) snapshot.maxConnections());
  }

  private void bars(BarsSummary bars, Map<String, Instant> newestBars) {
    metric("bqx_open_gaps", null, "Gaps in the bars that nobody has acknowledged.");
    sample(known(bars, bars.open()));
    metric(
        "bqx_unmeasured_months",
        null,
        "Months whose bars have changed since gaps were last looked for.");
    sample(known(bars, bars.unmeasured()));
    metric("bqx_miscounted_months", null, "Months whose bars came or went without being counted.");
    sample(known(bars, bars.miscounted().size()));
    metric("bqx_pairs_without_baseline", null, "Pairs that have bars and no baseline.");
    sample(known(bars, bars.baselines().size()));
    metric("bqx_newest_bar_timestamp_seconds", "seconds", "Time of the last bar of a pair.");
    newestBars.forEach((pair, time) -> sample(seconds(time), "pair", pair));
  }

  /** While a node does not answer, what is counted is of the others alone. */
  private static Double known(BarsSummary bars, int count) {
    return bars.partial() ? null : Double.valueOf(count);
  }

  private void metric(String name, String unit, String help) {
    lines.add("# TYPE " + name + " gauge");
    if (unit != null) {
      lines.add("# UNIT " + name + " " + unit);
    }
    lines.add("# HELP " + name + " " + help);
    current = name;
  }

  /** Adds a sample of the metric that was named last; nothing when it is not known. */
  private void sample(Double value, String... labels) {
    if (value == null) {
      return;
    }
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < labels.length; i += 2) {
      pairs.add(labels[i] + "=\"" + escaped(labels[i + 1]) + '"');
    }
    lines.add(
        current + (pairs.isEmpty() ? "" : "{" + String.join(",", pairs) + "}") + " " + text(value));
  }

  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** A control character would be an escape that the format does not know. */
  private static String escaped(String value) {
    return Printable.of(value).replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static Double seconds(Instant time) {
    return time == null ? null : Double.valueOf(time.getEpochSecond() + time.getNano() / NANOS);
  }
}
