package org.bqx.benchmarks.database;

import java.sql.SQLException;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.bqx.benchmarks.report.ReadResult;
import org.bqx.benchmarks.report.ReadResult.Read;
import org.bqx.benchmarks.report.Sample;
import org.bqx.partition.PartitionRange;
import org.bqx.run.Backfill;
import org.bqx.run.BackfillRequest;
import org.bqx.run.RunSettings;

/**
 * What typical reads take, those of docs/query.md: several pairs and months, of which each reads
 * little. A result goes to the server's /dev/null, as COPY writes it in binary.
 */
public final class ReadsBench {
  private static final YearMonth FROM = YearMonth.of(2024, 7);

  /** PostgreSQL's own, where the server has others. */
  private static final String DEFAULTS = "SET jit = on";

  private static final String OFF = DEFAULTS + "; SET enable_partitionwise_join = off";
  private static final String SETTINGS = "RESET jit; RESET enable_partitionwise_join";
  private static final String DAY = "%1$s >= '2024-07-10Z' AND %1$s < '2024-07-11Z'";
  private static final String ONE =
      "SELECT pair, ts_utc, w60_bqx_return FROM bqx.bqx WHERE " + DAY.formatted("ts_utc");
  private static final String JOINED =
      "SELECT pair, ts_utc, w60_bqx_return, w60_reg_r2 FROM bqx.bqx JOIN bqx.reg USING (pair, ts_utc) WHERE "
          + DAY.formatted("ts_utc");

  private final Session session;
  private final Map<Read, String> queries;
  private final Rounds<Read> all = new Rounds<>();

  /**
   * Makes bars and has their features computed.
   *
   * @param progress is told how many more bars were made
   */
  public ReadsBench(BenchDatabase database, int pairCount, int monthCount, LongConsumer progress)
      throws Exception {
    List<String> pairs = database.pairs().subList(0, pairCount);
    YearMonth to = FROM.plusMonths(monthCount - 1L);
    database.generate(pairs, FROM, to, progress);
    int workers = Runtime.getRuntime().availableProcessors();
    new Backfill(
            database.database(),
            new BackfillRequest(
                new PartitionRange(database.families(), pairs, FROM, to), workers, false),
            RunSettings.DEFAULT,
            RangeBench.SILENT)
        .run();
    session = database.connect();
    analyzePartitions();
    queries = queries(pairs.get(0));
    queries.forEach(
        (read, query) ->
            all.add(
                1,
                read,
                () -> session.execute(settings(read)),
                () -> session.execute("COPY (" + query + ") TO '/dev/null' (FORMAT binary)"),
                () -> session.execute(SETTINGS)));
  }

  private static String settings(Read read) {
    return switch (read) {
      case JOIN_DEFAULTS -> DEFAULTS;
      case JOIN_WHOLE -> OFF;
      default -> SETTINGS;
    };
  }

  /** As autovacuum leaves them: with statistics of each month, and none of the tables above. */
  private void analyzePartitions() throws SQLException {
    for (List<String> partition :
        session.rows(
            "SELECT c.oid::regclass FROM pg_class c JOIN bqx.partition_state s"
                + " ON c.relname = bqx.partition_name(s.family, s.pair, s.month) WHERE c.relkind = 'r'")) {
      session.execute("VACUUM ANALYZE " + partition.get(0));
    }
    session.execute("CHECKPOINT");
  }

  private static Map<Read, String> queries(String pair) {
    Map<Read, String> queries = new EnumMap<>(Read.class);
    queries.put(
        Read.MONTH,
        "SELECT * FROM bqx.bqx WHERE pair = '%s' AND ts_utc >= '2024-07-01Z' AND ts_utc < '2024-08-01Z' ORDER BY ts_utc"
            .formatted(pair));
    queries.put(Read.TIME, "SELECT * FROM bqx.bqx WHERE ts_utc = '2024-07-10 12:00Z'");
    queries.put(
        Read.LATEST,
        "SELECT latest.* FROM bqx.pair p CROSS JOIN LATERAL (SELECT * FROM bqx.bqx b"
            + " WHERE b.pair = p.pair ORDER BY b.ts_utc DESC LIMIT 1) latest");
    queries.put(
        Read.LATEST_DISTINCT,
        "SELECT DISTINCT ON (pair) * FROM bqx.bqx ORDER BY pair, ts_utc DESC");
    queries.put(Read.DAY, ONE);
    queries.put(Read.JOIN, JOINED);
    queries.put(Read.JOIN_DEFAULTS, JOINED);
    queries.put(Read.JOIN_WHOLE, JOINED);
    queries.put(
        Read.JOIN_RANGES,
        "SELECT b.pair, b.ts_utc, b.w60_bqx_return, r.w60_reg_r2 FROM bqx.bqx b JOIN bqx.reg r"
            + " ON r.pair = b.pair AND r.ts_utc = b.ts_utc WHERE "
            + DAY.formatted("b.ts_utc")
            + " AND "
            + DAY.formatted("r.ts_utc"));
    queries.put(Read.FEATURES, "SELECT * FROM bqx.features WHERE " + DAY.formatted("ts_utc"));
    return queries;
  }

  /**
   * Measures.
   *
   * @param rounds rounds that count
   * @param total is told how many measurements there will be
   * @param afterMeasurement is told of each
   */
  public List<ReadResult> run(int rounds, IntConsumer total, Runnable afterMeasurement)
      throws Exception {
    total.accept(all.size(rounds));
    Map<Read, Sample> samples = all.run(rounds, afterMeasurement);
    Map<Read, Long> rows = new EnumMap<>(Read.class);
    for (Map.Entry<Read, String> query : queries.entrySet()) {
      rows.put(query.getKey(), session.number("SELECT count(*) FROM (" + query.getValue() + ") q"));
    }
    return Arrays.stream(Read.values())
        .map(
            read ->
                new ReadResult(
                    read,
                    rows.get(read),
                    samples.get(read),
                    samples.get(read).ratioTo(samples.get(read.to()))))
        .toList();
  }
}
