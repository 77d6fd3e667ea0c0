package org.bqx.run;

import static org.bqx.jooq.Tables.CORRELATION;
import static org.bqx.jooq.Tables.M1_MONTH;
import static org.bqx.jooq.Tables.PROGRESS;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.List;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.jooq.Routines;
import org.bqx.partition.PartitionRange;
import org.bqx.partition.PartitionState;
import org.bqx.partition.ProgressFields;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** What is correlated, and the correlations between pairs. */
public final class Correlations implements AutoCloseable {
  private final Connection connection;
  private final DSLContext sql;
  private final Session filling;

  /** Connects to {@code database}. */
  public Correlations(Database database) {
    connection = database.connect();
    sql = Sql.on(connection);
    filling = new Session(database, false, database::connect);
  }

  @Override
  public void close() throws SQLException {
    filling.close();
    connection.close();
  }

  /**
   * Says that features are to be correlated with a target.
   *
   * @param target such as {@code w60_h60}
   * @param features patterns of family.column, empty for those that were asked for before
   * @param windows of the rolling correlations, in bars, empty likewise
   */
  public void define(String target, List<String> features, List<Integer> windows) {
    Routines.defineCorrelation(
        sql.configuration(),
        target,
        features.isEmpty() ? null : features.toArray(String[]::new),
        windows.isEmpty() ? null : windows.toArray(Integer[]::new));
  }

  /** Refuses a name that is no target's, or a target that family bqx has no window for. */
  public void check(String target) {
    sql.fetch(
        "SELECT bqx.check_target(t.window_length, t.horizon) FROM bqx.parse_target(?) t", target);
  }

  /** Returns whether features are to be correlated with a target. */
  public boolean isDefined(String target) {
    return sql.fetchExists(CORRELATION, CORRELATION.TARGET.eq(target));
  }

  /**
   * Returns how many partitions of features that are correlated with a target have no rows, since
   * no bar of theirs has the bid and ask that they are made of.
   */
  public int unquoted(String target, PartitionRange range) {
    return sql.fetchCount(
        PROGRESS,
        ProgressFields.STATE
            .eq(PartitionState.NO_QUOTES)
            .and(new PartitionRange(List.of(), range.pairs(), range.from(), range.to()).condition())
            .and(
                "family IN (SELECT f.family FROM bqx.correlation c, bqx.features_like(c.features) f WHERE c.target = ?)",
                target));
  }

  /** Returns the months of a range in which any pair has bars. */
  public List<YearMonth> months(PartitionRange range) {
    Condition inRange = M1_MONTH.BARS.gt(0L);
    if (range.from() != null) {
      inRange = inRange.and(M1_MONTH.MONTH.ge(range.from().atDay(1)));
    }
    if (range.to() != null) {
      inRange = inRange.and(M1_MONTH.MONTH.le(range.to().atDay(1)));
    }
    return sql.selectDistinct(M1_MONTH.MONTH)
        .from(M1_MONTH)
        .where(inRange)
        .orderBy(M1_MONTH.MONTH)
        .fetch(row -> YearMonth.from(row.value1()));
  }

  /**
   * Fills the days of a month with the correlations between pairs, again when the session is lost.
   *
   * @return the rows written
   */
  public long fillPairs(YearMonth month, boolean force) throws SQLException, InterruptedException {
    return filling.use(
        session -> Routines.fillPairCorr(Sql.on(session).configuration(), month.atDay(1), force));
  }
}
