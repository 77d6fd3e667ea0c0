package org.bqx.verify;

import static org.bqx.jooq.Tables.FEATURE_COLUMNS;
import static org.bqx.jooq.Tables.M1;
import static org.bqx.jooq.Tables.PROGRESS;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.bqx.connection.Database;
import org.bqx.jooq.Routines;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * Checks done partitions inside the database: a row for every bar, NULLs in the first W rows of a
 * pair's history and nowhere else, and a few rows of each against the reference functions, which
 * compute a window with Apache Commons Math. Bounds: 1e-9 relative or 1e-11 absolute, for {@code a}
 * and {@code b} the absolute one over (W−1)² and W−1.
 */
public final class SampleCheck implements AutoCloseable {
  private final Connection connection;
  private final DSLContext sql;
  private final int rowsPerPartition;

  /**
   * @param database is read from
   * @param rowsPerPartition how many rows of each partition meet the reference
   */
  public SampleCheck(Database database, int rowsPerPartition) {
    connection = database.connect();
    sql = DSL.using(connection, SQLDialect.POSTGRES);
    this.rowsPerPartition = rowsPerPartition;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /**
   * One done partition.
   *
   * @param family bqx or reg
   * @param pair six lower-case letters
   * @param month the month
   * @param bars bars of the month
   */
  public record Partition(String family, String pair, YearMonth month, long bars) {}

  private record Column(String name, int window) {}

  /** Returns the done partitions of {@code pairs} from month to month, both included. */
  public List<Partition> partitions(List<String> pairs, YearMonth from, YearMonth to) {
    return sql.select(PROGRESS.FAMILY, PROGRESS.PAIR, PROGRESS.MONTH, PROGRESS.BARS)
        .from(PROGRESS)
        .where(
            PROGRESS.STATE.eq("done"),
            PROGRESS.PAIR.in(pairs),
            PROGRESS.MONTH.between(from.atDay(1), to.atDay(1)))
        .orderBy(PROGRESS.MONTH, PROGRESS.PAIR, PROGRESS.FAMILY)
        .fetch(
            row ->
                new Partition(
                    row.value1(), row.value2(), YearMonth.from(row.value3()), row.value4()));
  }

  /** Returns what is wrong with a partition, nothing when all is well. */
  public List<Difference> check(Partition partition) {
    List<Difference> differences = new ArrayList<>();
    checkCounts(partition, differences);
    checkSample(partition, differences);
    return differences;
  }

  private void checkCounts(Partition partition, List<Difference> differences) {
    List<Column> columns = columns(partition.family());
    Table<?> rows = DSL.table(DSL.name("bqx", partition.family()));
    List<Field<Integer>> counts = new ArrayList<>();
    counts.add(DSL.count());
    columns.forEach(column -> counts.add(DSL.count(DSL.field(DSL.name(column.name())))));
    Record counted =
        sql.select(counts)
            .from(rows)
            .where(
                DSL.field("pair", String.class).eq(partition.pair()),
                DSL.field("ts_utc", OffsetDateTime.class).ge(start(partition.month())),
                DSL.field("ts_utc", OffsetDateTime.class)
                    .lt(start(partition.month().plusMonths(1))))
            .fetchSingle();
    int total = counted.get(0, Integer.class);
    if (total != partition.bars()) {
      differences.add(
          difference(partition, "%d rows for %d bars".formatted(total, partition.bars())));
    }
    long before = barsBefore(partition, columns.get(columns.size() - 1).window());
    for (int i = 0; i < columns.size(); i++) {
      long nulls = total - counted.get(i + 1, Integer.class);
      long expected = Math.min(total, Math.max(0, columns.get(i).window() - before));
      if (nulls != expected) {
        differences.add(
            difference(
                partition,
                "%s is NULL in %d rows, expected %d"
                    .formatted(columns.get(i).name(), nulls, expected)));
      }
    }
  }

  private void checkSample(Partition partition, List<Difference> differences) {
    String query =
        """
        SELECT to_char(sample.ts_utc AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), stored.name,
            stored.value, reference.metrics[metric.position]
        FROM (
            SELECT ts_utc, rate_index, to_jsonb(feature_rows) AS fields
            FROM bqx.%1$s feature_rows
            WHERE pair = ? AND ts_utc IN (
                SELECT ts_utc
                FROM bqx.%1$s
                WHERE pair = ? AND ts_utc >= ?::timestamptz AND ts_utc < ?::timestamptz
                ORDER BY hashint8(extract(epoch FROM ts_utc)::bigint)
                LIMIT ?)
        ) sample
        CROSS JOIN (SELECT * FROM bqx.feature WHERE family = '%1$s') feature
        CROSS JOIN unnest(feature.windows) window_length
        CROSS JOIN LATERAL (
            SELECT array_agg(rate_index ORDER BY time) AS indexes
            FROM (
                SELECT time, rate_index FROM bqx.m1
                WHERE pair = ? AND time < sample.ts_utc
                ORDER BY time DESC
                LIMIT window_length
            ) bars
        ) past
        CROSS JOIN LATERAL (
            SELECT bqx.%1$s_reference(past.indexes, sample.rate_index) AS metrics
            WHERE cardinality(past.indexes) = window_length
            OFFSET 0 -- keeps the planner from calling the function once a metric
        ) reference
        CROSS JOIN LATERAL unnest(feature.metrics) WITH ORDINALITY metric (name, position)
        CROSS JOIN LATERAL (
            SELECT name, (sample.fields ->> name)::float8 AS value
            FROM (SELECT format('w%%s_%1$s_%%s', window_length, metric.name)) column_name (name)
        ) stored
        WHERE (abs(stored.value - reference.metrics[metric.position]) <= greatest(
            1e-9 * abs(reference.metrics[metric.position]),
            1e-11 / CASE metric.name WHEN 'a' THEN (window_length - 1.0) ^ 2
                WHEN 'b' THEN window_length - 1.0 ELSE 1 END)) IS NOT TRUE
        ORDER BY 1, 2
        """
            .formatted(partition.family());
    sql.fetch(
            query,
            partition.pair(),
            partition.pair(),
            start(partition.month()),
            start(partition.month().plusMonths(1)),
            rowsPerPartition,
            partition.pair())
        .forEach(
            row ->
                differences.add(
                    difference(
                        partition,
                        "at %s UTC %s is %s, the reference gives %s"
                            .formatted(row.get(0), row.get(1), row.get(2), row.get(3)))));
  }

  private List<Column> columns(String family) {
    return sql.selectFrom(Routines.featureColumns(family))
        .orderBy(FEATURE_COLUMNS.ELEMENT)
        .fetch(row -> new Column(row.getColumnName(), row.getWindowLength()));
  }

  /** Counts the pair's bars before the month, no more than matter. */
  private long barsBefore(Partition partition, int longest) {
    return sql.fetchCount(
        sql.selectOne()
            .from(M1)
            .where(M1.PAIR.eq(partition.pair()), M1.TIME.lt(start(partition.month())))
            .limit(longest));
  }

  private static Difference difference(Partition partition, String what) {
    return new Difference(partition.family(), partition.pair(), partition.month(), what);
  }

  private static OffsetDateTime start(YearMonth month) {
    return month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
  }
}
