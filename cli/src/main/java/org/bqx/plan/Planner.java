package org.bqx.plan;

import static org.bqx.jooq.Tables.PROGRESS;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.failure.Failure;
import org.bqx.jooq.Routines;
import org.bqx.partition.PartitionState;
import org.bqx.partition.ProgressFields;
import org.bqx.partition.Selection;
import org.bqx.partition.Work;
import org.bqx.partition.Write;
import org.bqx.run.BackfillRequest;
import org.bqx.run.RunSettings;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * Says what a backfill would do and why, without doing it. Where bars have changed since a
 * partition was computed it reads them, so it is exact: a change that the partition does not reach
 * leaves it done, appended bars cost their own rows alone.
 */
public final class Planner {
  /** What to write where the bars must be asked, NULL elsewhere. */
  private static final Field<String> WRITE =
      DSL.when(
              ProgressFields.STATE
                  .eq(PartitionState.STALE)
                  .and(PROGRESS.REASON.eq(ProgressFields.BARS_CHANGED)),
              Routines.plannedWrite(PROGRESS.FAMILY, PROGRESS.PAIR, PROGRESS.MONTH))
          .as("write");

  /** What one worker does on a slow machine; used until partitions have been computed. */
  private static final double GUESSED_ROWS_PER_SECOND = 150_000;

  /** The same of the bars whose features are correlated. */
  private static final double GUESSED_BARS_PER_SECOND = 3_000;

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
    try (Catalogue catalogue = new Catalogue(database)) {
      request.range().check(request.work(), catalogue);
    }
    Connection connection = database.connect();
    try {
      DSLContext sql = request.work().on(Sql.on(connection));
      boolean features = request.work() == Work.FEATURES;
      Double measured = features ? rowsPerSecond(sql) : barsPerSecond(sql);
      double guessed = features ? GUESSED_ROWS_PER_SECOND : GUESSED_BARS_PER_SECOND;
      double rate = measured == null ? guessed : measured;
      Field<String> write = features ? WRITE : DSL.inline(null, WRITE).as(WRITE);
      List<PlannedPartition> partitions =
          Sql.rows(
              sql.select(
                      PROGRESS.FAMILY,
                      PROGRESS.PAIR,
                      PROGRESS.MONTH,
                      PROGRESS.STATE,
                      PROGRESS.REASON,
                      PROGRESS.BARS,
                      PROGRESS.ROWS,
                      PROGRESS.ROWS_OPEN,
                      write)
                  .from(PROGRESS)
                  .where(request.range().condition())
                  .orderBy(ProgressFields.order(settings.newestFirst())),
              row -> planned(row, request, settings, rate));
      double work = partitions.stream().mapToDouble(PlannedPartition::seconds).sum();
      return new BackfillPlan(
          partitions, rate, measured != null, work / request.workers(), request.workers());
    } finally {
      database.giveBack(connection);
    }
  }

  private static PlannedPartition planned(
      ResultSet row, BackfillRequest request, RunSettings settings, double rowsPerSecond)
      throws SQLException {
    PartitionState state = PartitionState.of(row.getString("state"));
    String reason = row.getString("reason");
    String pending = row.getString("write");
    Write write = pending == null ? null : Write.of(pending);
    if (write == Write.NO_ROWS) {
      reason = "bars changed, none that it reads";
    } else if (write == Write.NEW_ROWS || write == Write.TAIL_ROWS) {
      reason = "bars appended";
    }
    Selection taken = request.selection(settings);
    if (taken.removes(state, row.getObject("rows", Long.class))) {
      write = Write.REMOVAL;
    } else if (!taken.takes(state)) {
      write = Write.NO_ROWS;
    } else if (write == null || request.force()) {
      write = Write.ALL_ROWS;
    }
    return new PlannedPartition(
        row.getString("family"),
        row.getString("pair"),
        YearMonth.from(row.getObject("month", LocalDate.class)),
        state,
        reason,
        write,
        row.getLong("bars"),
        rows(write, row) / rowsPerSecond);
  }

  /** Returns how many rows would be written. */
  private static long rows(Write write, ResultSet row) throws SQLException {
    long bars = row.getLong("bars");
    return switch (write) {
      case ALL_ROWS -> bars;
      case NEW_ROWS -> Math.max(0, bars - row.getLong("rows"));
      case TAIL_ROWS -> Math.max(0, bars - row.getLong("rows")) + row.getLong("rows_open");
      case NO_ROWS, REMOVAL -> 0;
    };
  }

  /** What the whole partitions computed last took, or null when there are none. */
  private static Double rowsPerSecond(DSLContext sql) {
    Table<?> last =
        sql.select(
                PROGRESS.LAST_ROWS.as("written"),
                DSL.epoch(PROGRESS.FINISHED_AT).minus(DSL.epoch(PROGRESS.STARTED_AT)).as("seconds"))
            .from(PROGRESS)
            .where(
                ProgressFields.STATE.in(PartitionState.DONE, PartitionState.STALE),
                PROGRESS.LAST_WRITE.eq(Write.ALL_ROWS.toString()))
            .orderBy(PROGRESS.FINISHED_AT.desc())
            .limit(MEASURED_PARTITIONS)
            .asTable("last");
    return sql.select(
            DSL.field("sum(written)::float8 / nullif(sum(seconds), 0)::float8", Double.class))
        .from(last)
        .fetchSingle()
        .value1();
  }

  /** What the correlations computed last took, or null when there are none. */
  private static Double barsPerSecond(DSLContext sql) {
    Table<?> last =
        sql.select(
                PROGRESS.BARS.as("read"),
                DSL.epoch(PROGRESS.FINISHED_AT).minus(DSL.epoch(PROGRESS.STARTED_AT)).as("seconds"))
            .from(PROGRESS)
            .where(
                ProgressFields.STATE.eq(PartitionState.DONE),
                PROGRESS.LAST_WRITE.eq(Write.ALL_ROWS.toString()))
            .orderBy(PROGRESS.FINISHED_AT.desc())
            .limit(MEASURED_PARTITIONS)
            .asTable("last");
    return sql.select(
            DSL.field("sum(read)::float8 / nullif(sum(seconds), 0)::float8", Double.class))
        .from(last)
        .fetchSingle()
        .value1();
  }
}
