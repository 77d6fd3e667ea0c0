package org.bqx.run;

import static org.bqx.jooq.Tables.PROGRESS;

import java.sql.Connection;
import java.time.YearMonth;
import java.util.List;
import org.bqx.jooq.Routines;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** The statements of a backfill. */
final class PartitionStore {
  private final DSLContext sql;

  PartitionStore(Connection connection) {
    sql = DSL.using(connection, SQLDialect.POSTGRES);
  }

  /** Returns what is to be computed, oldest month first. */
  List<Partition> toCompute(List<String> families, List<String> pairs, BackfillRequest request) {
    Condition wanted =
        PROGRESS
            .STATE
            .notIn(request.force() ? List.of("no bars") : List.of("no bars", "done"))
            .and(PROGRESS.FAMILY.in(families))
            .and(PROGRESS.PAIR.in(pairs));
    if (request.from() != null) {
      wanted = wanted.and(PROGRESS.MONTH.ge(request.from().atDay(1)));
    }
    if (request.to() != null) {
      wanted = wanted.and(PROGRESS.MONTH.le(request.to().atDay(1)));
    }
    return sql.select(PROGRESS.FAMILY, PROGRESS.PAIR, PROGRESS.MONTH)
        .from(PROGRESS)
        .where(wanted)
        .orderBy(PROGRESS.MONTH, PROGRESS.PAIR, PROGRESS.FAMILY)
        .fetch(row -> new Partition(row.value1(), row.value2(), YearMonth.from(row.value3())));
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
}
