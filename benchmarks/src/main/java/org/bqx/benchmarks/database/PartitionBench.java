package org.bqx.benchmarks.database;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.bqx.benchmarks.report.Measure;
import org.bqx.benchmarks.report.PartitionResult;
import org.bqx.benchmarks.report.Sample;
import org.bqx.kernel.RollingRows;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Measures one partition of each family in one warm session: the floor, what bqx does, its steps,
 * and rivals, which are checked to give the same values first.
 */
public final class PartitionBench {
  /** Enough for the optimising compiler to have got at the kernel, in any JVM. */
  private static final int DROPPED = 3;

  private record Key(String family, Measure measure) {}

  private final BenchDatabase database;
  private final String pair;
  private final YearMonth month;

  /**
   * @param database with the month's bars
   * @param month to compute; nothing else has been computed
   */
  public PartitionBench(BenchDatabase database, String pair, YearMonth month) {
    this.database = database;
    this.pair = pair;
    this.month = month;
  }

  /**
   * Measures.
   *
   * @param rounds rounds that count
   * @param withRivals whether rivals are measured
   * @param total is told how many measurements there will be
   * @param afterMeasurement is told of each
   * @return a result for each family
   */
  public List<PartitionResult> run(
      int rounds, boolean withRivals, IntConsumer total, Runnable afterMeasurement)
      throws Exception {
    Map<String, Long> rows = new java.util.HashMap<>();
    Map<String, Integer> columns = new java.util.HashMap<>();
    Map<Key, Sample> samples;
    try (Session session = database.connect();
        Session rivals = database.connect()) {
      Rounds<Key> all = new Rounds<>();
      for (String family : database.families()) {
        FamilyTasks tasks = new FamilyTasks(session, family);
        rows.put(family, tasks.rows);
        columns.put(family, tasks.columns);
        tasks.addTo(all);
        if (withRivals) {
          for (Rival rival : Rival.of(rivals, family, pair, month)) {
            rival.check();
            all.add(
                1, new Key(family, rival.measure()), () -> {}, rival::write, rival::removeWritten);
          }
        }
      }
      total.accept(all.size(rounds));
      samples = all.run(rounds, afterMeasurement);
      session.execute("CALL bench.forget()");
    }
    List<PartitionResult> results = new ArrayList<>();
    for (String family : database.families()) {
      Map<Measure, Sample> ofFamily = new EnumMap<>(Measure.class);
      samples.forEach(
          (key, sample) -> {
            if (key.family().equals(family)) {
              ofFamily.put(key.measure(), sample);
            }
          });
      results.add(
          new PartitionResult(
              family, pair, month, rows.get(family), columns.get(family), ofFamily));
    }
    return results;
  }

  /** All that is measured of a family's partition but the rivals. */
  private final class FamilyTasks {
    private final Session session;
    private final String family;
    private final String call;
    private final String partition;
    private final String precomputed;
    private final byte[] copied;
    private final double[] indexes;
    private final int[] windows;
    private final int skip;
    private final long rows;
    private final int columns;

    FamilyTasks(Session session, String family) throws SQLException, java.io.IOException {
      this.session = session;
      this.family = family;
      call = "('%s', '%s', '%s')".formatted(family, pair, month.atDay(1));
      partition = "bqx." + session.text("SELECT bqx.partition_name" + call);
      precomputed = "bench.precomputed_" + family;
      session.execute(
          "SELECT bqx.backfill" + call,
          "CREATE TABLE %s AS TABLE %s".formatted(precomputed, partition));
      session.execute("VACUUM ANALYZE " + precomputed);
      session.execute(
          "CREATE TABLE bench.truncated_%1$s (LIKE bqx.%1$s, PRIMARY KEY (ts_utc))"
              .formatted(family));
      rows = session.number("SELECT count(*) FROM " + precomputed);
      columns =
          (int)
              session.number(
                  "SELECT count(*) FROM pg_attribute WHERE attrelid = '%s'::regclass AND attnum > 0"
                      .formatted(precomputed));
      ByteArrayOutputStream binary = new ByteArrayOutputStream();
      copies().copyOut("COPY %s TO STDOUT (FORMAT binary)".formatted(precomputed), binary);
      copied = binary.toByteArray();
      List<String> source =
          session
              .rows("SELECT indexes::text, windows::text, skip FROM bqx.read_source" + call)
              .get(0);
      indexes = elements(source.get(0)).mapToDouble(Double::parseDouble).toArray();
      windows = elements(source.get(1)).mapToInt(Integer::parseInt).toArray();
      skip = Integer.parseInt(source.get(2));
    }

    void addTo(Rounds<Key> all) {
      all.add(DROPPED, key(Measure.FLOOR), () -> {}, this::writeFloor, this::dropFloor);
      all.add(DROPPED, key(Measure.TRUNCATE), () -> {}, this::truncateAndInsert, () -> {});
      all.add(DROPPED, key(Measure.COPY), () -> {}, this::copy, this::dropFloor);
      all.add(
          DROPPED,
          key(Measure.FORCED),
          () -> {},
          () -> session.execute("SELECT bqx.backfill" + call.replace(")", ", force => true)")),
          () -> {});
      all.add(
          DROPPED,
          key(Measure.MISSING),
          this::forget,
          () -> session.execute("SELECT bqx.backfill" + call),
          () -> {});
      all.add(DROPPED, this::steps);
      all.add(DROPPED, key(Measure.KERNEL), () -> {}, this::runKernel, () -> {});
    }

    private Key key(Measure measure) {
      return new Key(family, measure);
    }

    private void writeFloor() throws SQLException {
      session.execute(
          "BEGIN",
          "CREATE TABLE bench.floor (LIKE bqx.%s)".formatted(family),
          "INSERT INTO bench.floor SELECT * FROM " + precomputed,
          "ALTER TABLE bench.floor ADD PRIMARY KEY (ts_utc)",
          "COMMIT");
    }

    private void dropFloor() throws SQLException {
      session.execute("DROP TABLE bench.floor");
    }

    private void truncateAndInsert() throws SQLException {
      session.execute(
          "BEGIN",
          "TRUNCATE bench.truncated_" + family,
          "INSERT INTO bench.truncated_%s SELECT * FROM %s".formatted(family, precomputed),
          "COMMIT");
    }

    private void copy() throws SQLException, java.io.IOException {
      session.execute("BEGIN", "CREATE TABLE bench.floor (LIKE bqx.%s)".formatted(family));
      copies()
          .copyIn(
              "COPY bench.floor FROM STDIN (FORMAT binary)",
              new ByteArrayInputStream(copied),
              1 << 16);
      session.execute("ALTER TABLE bench.floor ADD PRIMARY KEY (ts_utc)", "COMMIT");
    }

    private Map<Key, Double> steps() throws Exception {
      forget();
      Map<Key, Double> times = new java.util.HashMap<>();
      session.execute("BEGIN");
      for (List<String> step : session.rows("SELECT * FROM bench.steps" + call)) {
        times.put(key(Measure.valueOf(step.get(0))), Double.valueOf(step.get(1)));
      }
      times.put(key(Measure.COMMIT), Rounds.milliseconds(() -> session.execute("COMMIT")));
      session.execute("DROP TABLE " + partition);
      return times;
    }

    /** Where nothing but Java runs: the same classes, on the same bars. */
    private void runKernel() {
      RollingRows iterator =
          switch (family) {
            case "bqx" -> RollingRows.bqx(indexes, windows, skip);
            case "reg" -> RollingRows.reg(indexes, windows, skip);
            default -> throw new IllegalStateException("no kernel is known for family " + family);
          };
      double sum = 0;
      while (iterator.hasNext()) {
        sum += iterator.next()[0];
      }
      if (Double.isNaN(sum)) {
        throw new IllegalStateException("the kernel made NaN of " + pair + " " + month);
      }
    }

    private void forget() throws SQLException {
      session.execute("CALL bench.forget()");
    }

    private CopyManager copies() throws SQLException {
      return session.connection().unwrap(PGConnection.class).getCopyAPI();
    }

    private static java.util.stream.Stream<String> elements(String array) {
      return java.util.Arrays.stream(array.substring(1, array.length() - 1).split(","));
    }
  }
}
