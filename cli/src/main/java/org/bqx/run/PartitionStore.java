package org.bqx.run;

import static org.bqx.jooq.Tables.PROGRESS;

import java.sql.Connection;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bqx.connection.Sql;
import org.bqx.engine.Engine;
import org.bqx.engine.EngineName;
import org.bqx.jooq.Routines;
import org.bqx.partition.LeftOut;
import org.bqx.partition.Partition;
import org.bqx.partition.PartitionState;
import org.bqx.partition.ProgressFields;
import org.bqx.partition.Selection;
import org.bqx.partition.Work;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** The statements of a backfill. */
final class PartitionStore {
  private static final Field<String> SYNCHRONOUS_COMMIT =
      DSL.function("current_setting", String.class, DSL.val("synchronous_commit"));

  private final DSLContext sql;
  private final Work work;
  private final Engine engine;

  private PartitionStore(DSLContext sql, Work work, Engine engine) {
    this.sql = work.on(sql);
    this.work = work;
    this.engine = engine;
  }

  /** Sets up a connection that was just made, and chooses the engine. */
  static PartitionStore on(Connection connection, Work work, RunSettings settings) {
    DSLContext sql = Sql.on(connection);
    configure(sql, settings);
    EngineName name =
        settings.engine() == null
            ? EngineName.ofSql(Routines.engine(sql.configuration()))
            : settings.engine();
    if (name == EngineName.SERVER) {
      // Once for all, and not as a failure of each partition.
      Routines.requireJava(sql.configuration());
    }
    return new PartitionStore(
        sql,
        work,
        work == Work.FEATURES
            ? Engine.on(connection, name)
            : Engine.ofCorrelations(connection, name));
  }

  /**
   * Sets the session's limits. A backend whose client was killed notices within seconds and ends
   * what it computes; one whose client's machine is gone, within two minutes.
   */
  private static void configure(DSLContext sql, RunSettings settings) {
    set(sql, "statement_timeout", milliseconds(settings.statementTimeout()));
    // For a client that computes rows, and stops before it has brought them.
    set(sql, "idle_in_transaction_session_timeout", milliseconds(settings.statementTimeout()));
    set(sql, "lock_timeout", milliseconds(settings.lockTimeout()));
    set(sql, "client_connection_check_interval", "5s");
    set(sql, "tcp_keepalives_idle", "60");
    set(sql, "tcp_keepalives_interval", "10");
    set(sql, "tcp_keepalives_count", "5");
    // What was reported as done must not be gone after a crash.
    sql.select(
            DSL.function(
                "set_config",
                String.class,
                DSL.val("synchronous_commit"),
                DSL.case_(SYNCHRONOUS_COMMIT).when("off", "on").else_(SYNCHRONOUS_COMMIT),
                DSL.val(false)))
        .fetch();
  }

  /** Has a front remember which months its nodes have bars of, for when one does not answer. */
  int noteMonths() {
    return sql.fetchSingle("SELECT bqx.note_months()").into(Integer.class);
  }

  /**
   * What there is of a range.
   *
   * @param partitions to be computed, in the order to compute them
   * @param removals those of them that have nothing to be computed from, so that their rows go
   * @param leftOut of which nothing can be
   * @param leftOver those of them that have rows, which are wrong and stay
   * @param empty whether there is nothing at all, done or not
   */
  record Range(
      List<Partition> partitions,
      Set<Partition> removals,
      LeftOut leftOut,
      List<Partition> leftOver,
      boolean empty) {}

  /** Returns what is to be computed, and what is left out, of one look. */
  Range toCompute(BackfillRequest request, RunSettings settings) {
    Condition inRange = request.range().condition();
    Selection taken = request.selection(settings);
    List<Partition> partitions = new ArrayList<>();
    Set<Partition> removals = new HashSet<>();
    List<PartitionState> leftOut = new ArrayList<>();
    List<Partition> leftOver = new ArrayList<>();
    sql.select(
            PROGRESS.FAMILY,
            PROGRESS.PAIR,
            ProgressFields.MONTH,
            ProgressFields.STATE,
            PROGRESS.ROWS)
        .from(PROGRESS)
        .where(inRange, taken.condition().or(LeftOut.CONDITION))
        .orderBy(ProgressFields.order(settings.newestFirst()))
        .forEach(
            row -> {
              Partition partition = new Partition(row.value1(), row.value2(), row.value3());
              if (taken.removes(row.value4(), row.value5())) {
                removals.add(partition);
              } else if (!taken.takes(row.value4())) {
                leftOut.add(row.value4());
                if (row.value5() != null) {
                  leftOver.add(partition);
                }
                return;
              }
              partitions.add(partition);
            });
    return new Range(
        partitions,
        removals,
        settings.retry() ? LeftOut.NONE : LeftOut.of(leftOut.stream()),
        settings.retry() ? List.of() : leftOver,
        partitions.isEmpty() && leftOut.isEmpty() && !sql.fetchExists(PROGRESS, inRange));
  }

  /** Returns what changed bars have made missing or stale, in the order to compute it. */
  List<Partition> toFollow(
      Collection<String> changedPairs, BackfillRequest request, RunSettings settings) {
    return ProgressFields.select(
        sql,
        request.range().condition().and(Selection.afterChanges(changedPairs)),
        settings.newestFirst());
  }

  /** Computes a partition; returns the rows written. */
  long backfill(Partition partition, boolean force) {
    return engine.compute(partition, force);
  }

  void recordFailure(PartitionFailure failure) {
    Partition partition = failure.partition();
    LocalDate month = partition.month().atDay(1);
    if (work == Work.FEATURES) {
      Routines.recordFailure(
          sql.configuration(),
          partition.family(),
          partition.pair(),
          month,
          failure.sqlState(),
          failure.message());
    } else {
      Routines.recordCorrelationFailure(
          sql.configuration(),
          partition.family(),
          partition.pair(),
          month,
          failure.sqlState(),
          failure.message());
    }
  }

  private static void set(DSLContext sql, String setting, String value) {
    sql.select(
            DSL.function(
                "set_config", String.class, DSL.val(setting), DSL.val(value), DSL.val(false)))
        .fetch();
  }

  private static String milliseconds(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
