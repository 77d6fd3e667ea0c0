package org.bqx.run;

import static org.bqx.jooq.Tables.PROGRESS;

import java.sql.Connection;
import java.time.Duration;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import org.bqx.jooq.Routines;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.SQLDialect;
import org.jooq.SortField;
import org.jooq.impl.DSL;

/** The statements of a backfill. */
final class PartitionStore {
  private static final Field<String> SYNCHRONOUS_COMMIT =
      DSL.function("current_setting", String.class, DSL.val("synchronous_commit"));

  private final DSLContext sql;

  PartitionStore(Connection connection) {
    sql = DSL.using(connection, SQLDialect.POSTGRES);
  }

  /**
   * Sets the session's limits. A backend whose client was killed notices within seconds and ends
   * what it computes; one whose client's machine is gone, within two minutes.
   */
  void configure(RunSettings settings) {
    set("statement_timeout", milliseconds(settings.statementTimeout()));
    set("lock_timeout", milliseconds(settings.lockTimeout()));
    set("client_connection_check_interval", "5s");
    set("tcp_keepalives_idle", "60");
    set("tcp_keepalives_interval", "10");
    set("tcp_keepalives_count", "5");
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

  /** Returns what is to be computed, in the order to compute it. */
  List<Partition> toCompute(
      List<String> families, List<String> pairs, BackfillRequest request, RunSettings settings) {
    Condition wanted;
    if (settings.retry()) {
      wanted = PROGRESS.STATE.eq("failed");
    } else if (request.force()) {
      wanted = PROGRESS.STATE.ne("no bars");
    } else {
      wanted = PROGRESS.STATE.notIn("no bars", "done");
    }
    return select(wanted, families, pairs, request, settings);
  }

  /**
   * Returns what changed bars have made missing or stale. What failed before is tried again when
   * its pair's bars have changed, and not else.
   */
  List<Partition> toFollow(
      List<String> families,
      List<String> pairs,
      Collection<String> changedPairs,
      BackfillRequest request,
      RunSettings settings) {
    Condition wanted =
        PROGRESS
            .STATE
            .in("missing", "stale")
            .or(PROGRESS.STATE.eq("failed").and(PROGRESS.PAIR.in(changedPairs)));
    return select(wanted, families, pairs, request, settings);
  }

  /** Computes a partition; returns the rows written. */
  long backfill(Partition partition, boolean force) {
    return Routines.backfill(
        sql.configuration(),
        partition.family(),
        partition.pair(),
        partition.month().atDay(1),
        force);
  }

  void recordFailure(PartitionFailure failure) {
    Routines.recordFailure(
        sql.configuration(),
        failure.partition().family(),
        failure.partition().pair(),
        failure.partition().month().atDay(1),
        failure.sqlState(),
        failure.message());
  }

  private List<Partition> select(
      Condition wanted,
      List<String> families,
      List<String> pairs,
      BackfillRequest request,
      RunSettings settings) {
    Condition selected = wanted.and(PROGRESS.FAMILY.in(families)).and(PROGRESS.PAIR.in(pairs));
    if (request.from() != null) {
      selected = selected.and(PROGRESS.MONTH.ge(request.from().atDay(1)));
    }
    if (request.to() != null) {
      selected = selected.and(PROGRESS.MONTH.le(request.to().atDay(1)));
    }
    SortField<?> byMonth = settings.newestFirst() ? PROGRESS.MONTH.desc() : PROGRESS.MONTH.asc();
    return sql.select(PROGRESS.FAMILY, PROGRESS.PAIR, PROGRESS.MONTH)
        .from(PROGRESS)
        .where(selected)
        .orderBy(byMonth, PROGRESS.PAIR.asc(), PROGRESS.FAMILY.asc())
        .fetch(row -> new Partition(row.value1(), row.value2(), YearMonth.from(row.value3())));
  }

  private void set(String setting, String value) {
    sql.select(
            DSL.function(
                "set_config", String.class, DSL.val(setting), DSL.val(value), DSL.val(false)))
        .fetch();
  }

  private static String milliseconds(Duration duration) {
    return duration.toMillis() + "ms";
  }
}
