package org.bqx.plan;

import static org.bqx.jooq.Tables.PARTITION_STATE;
import static org.bqx.jooq.Tables.PROGRESS;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.List;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.failure.Failure;
import org.bqx.jooq.Routines;
import org.bqx.run.BackfillRequest;
import org.bqx.run.RunSettings;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.SortField;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * Says what a backfill would do and why, without doing it. Where bars have changed since a
 * partition was computed it reads them, so it is exact: a change that the partition does not reach
 * leaves it done, appended bars cost their own rows alone.
 */
public final class Planner {
  private static final String ALL_ROWS = "all rows";
  private static final String NEW_ROWS = "new rows";
  private static final String NO_ROWS = "no rows";
  private static final String BARS_CHANGED = "bars changed";

  /** What one worker does on a slow machine; used until partitions have been computed. */
  private static final double GUESSED_ROWS_PER_SECOND = 150_000;

  private static final int MEASURED_PARTITIONS = 100;

  private final Database database;

  /** Plans for {@code database}. */
  public Planner(Database database) {
    this.database = database;
  }

  /**
   * Returns every partition in the request's range, with what a backfill by this request and these
   * settings would do to it.
   *
   * @throws Failure when a family or pair does not exist
   */
  public BackfillPlan plan(BackfillRequest request, RunSettings settings) throws SQLException {
    List<String> families;
    List<String> pairs;
    try (Catalogue catalogue = new Catalogue(database)) {
      families = catalogue.families(request.families());
      pairs = catalogue.pairs(request.pairs());
    }
    try (Connection connection = database.connect()) {
      DSLContext sql = DSL.using(connection, SQLDialect.POSTGRES);
      Double measured = rowsPerSecond(sql);
      double rate = measured == null ? GUESSED_ROWS_PER_SECOND : measured;
      List<PlannedPartition> partitions =
          select(sql, families, pairs, request, settings)
              .map(row -> planned(row, request.force(), settings.retry(), rate));
      double work = partitions.stream().mapToDouble(PlannedPartition::seconds).sum();
      return new BackfillPlan(
          partitions, rate, measured != null, work / request.workers(), request.workers());
    }
  }

  private static org.jooq.Result<? extends Record> select(
      DSLContext sql,
      List<String> families,
      List<String> pairs,
      BackfillRequest request,
      RunSettings settings) {
    Condition wanted = PROGRESS.FAMILY.in(families).and(PROGRESS.PAIR.in(pairs));
    if (request.from() != null) {
      wanted = wanted.and(PROGRESS.MONTH.ge(request.from().atDay(1)));
    }
    if (request.to() != null) {
      wanted = wanted.and(PROGRESS.MONTH.le(request.to().atDay(1)));
    }
    SortField<?> byMonth = settings.newestFirst() ? PROGRESS.MONTH.desc() : PROGRESS.MONTH.asc();
    return sql.select(
            PROGRESS.FAMILY,
            PROGRESS.PAIR,
            PROGRESS.MONTH,
            PROGRESS.STATE,
            PROGRESS.REASON,
            PROGRESS.BARS,
            PROGRESS.ROWS,
            write())
        .from(PROGRESS)
        .where(wanted)
        .orderBy(byMonth, PROGRESS.PAIR.asc(), PROGRESS.FAMILY.asc())
        .fetch();
  }

  /** What to write where the bars must be asked, NULL elsewhere. */
  private static Field<String> write() {
    return DSL.when(
            PROGRESS.STATE.eq("stale").and(PROGRESS.REASON.eq(BARS_CHANGED)),
            Routines.plannedWrite(PROGRESS.FAMILY, PROGRESS.PAIR, PROGRESS.MONTH))
        .as("write");
  }

  private static PlannedPartition planned(
      Record row, boolean force, boolean retry, double rowsPerSecond) {
    String state = row.get(PROGRESS.STATE);
    String reason = row.get(PROGRESS.REASON);
    String write = row.get("write", String.class);
    long bars = row.get(PROGRESS.BARS);
    if (NO_ROWS.equals(write)) {
      state = "done";
      reason = "bars changed, none that it reads";
    } else if (NEW_ROWS.equals(write)) {
      reason = "bars appended";
    }
    boolean computed =
        switch (state) {
          case "failed" -> true;
          case "missing", "stale", "running" -> !retry;
          case "done" -> force;
          default -> false;
        };
    if (!computed) {
      write = NO_ROWS;
    } else if (write == null || force) {
      write = ALL_ROWS;
    }
    long rows =
        switch (write) {
          case ALL_ROWS -> bars;
          case NEW_ROWS -> Math.max(0, bars - row.get(PROGRESS.ROWS));
          default -> 0;
        };
    return new PlannedPartition(
        row.get(PROGRESS.FAMILY),
        row.get(PROGRESS.PAIR),
        YearMonth.from(row.get(PROGRESS.MONTH)),
        state,
        reason,
        write,
        bars,
        rows / rowsPerSecond);
  }

  /** What the whole partitions computed last took, or null when there are none. */
  private static Double rowsPerSecond(DSLContext sql) {
    Table<?> last =
        sql.select(
                PARTITION_STATE.LAST_ROWS.as("written"),
                DSL.epoch(PARTITION_STATE.FINISHED_AT)
                    .minus(DSL.epoch(PARTITION_STATE.STARTED_AT))
                    .as("seconds"))
            .from(PARTITION_STATE)
            .where(PARTITION_STATE.STATE.eq("done"), PARTITION_STATE.LAST_WRITE.eq(ALL_ROWS))
            .orderBy(PARTITION_STATE.FINISHED_AT.desc())
            .limit(MEASURED_PARTITIONS)
            .asTable("last");
    return sql.select(
            DSL.field("sum(written)::float8 / nullif(sum(seconds), 0)::float8", Double.class))
        .from(last)
        .fetchSingle()
        .value1();
  }
}
