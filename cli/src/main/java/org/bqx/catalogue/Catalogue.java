package org.bqx.catalogue;

import static org.bqx.jooq.Tables.FEATURE;
import static org.bqx.jooq.Tables.M1_MONTH;
import static org.bqx.jooq.Tables.PAIR;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** What the database knows by name: pairs, families, months that have bars. */
public final class Catalogue implements AutoCloseable {
  private final Connection connection;
  private final DSLContext sql;

  /** Connects to read from {@code database}. */
  public Catalogue(Database database) {
    connection = database.connect();
    sql = DSL.using(connection, SQLDialect.POSTGRES);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /**
   * Returns the pairs of these names, all in alphabetical order when there are no names.
   *
   * @throws Failure when one does not exist
   */
  public List<String> pairs(List<String> names) {
    List<String> known = sql.select(PAIR.PAIR_).from(PAIR).orderBy(PAIR.PAIR_).fetch(PAIR.PAIR_);
    return select("pair", "bqx.pair", known, names);
  }

  /**
   * Returns the families of these names, all when there are no names.
   *
   * @throws Failure when one does not exist
   */
  public List<String> families(List<String> names) {
    List<String> known =
        sql.select(FEATURE.FAMILY).from(FEATURE).orderBy(FEATURE.FAMILY_NO).fetch(FEATURE.FAMILY);
    return select("family", "bqx.feature", known, names);
  }

  /**
   * Returns the months from {@code from} to {@code to}, both included, without bars of the pair.
   */
  public List<YearMonth> monthsWithoutBars(String pair, YearMonth from, YearMonth to) {
    Set<LocalDate> withBars =
        sql.select(M1_MONTH.MONTH)
            .from(M1_MONTH)
            .where(M1_MONTH.PAIR.eq(pair), M1_MONTH.BARS.gt(0L))
            .fetchSet(M1_MONTH.MONTH);
    return Stream.iterate(from, month -> !month.isAfter(to), month -> month.plusMonths(1))
        .filter(month -> !withBars.contains(month.atDay(1)))
        .toList();
  }

  private static List<String> select(
      String what, String table, List<String> known, List<String> names) {
    for (String name : names) {
      if (!known.contains(name)) {
        throw new Failure(
            ExitCode.USAGE,
            "%s \"%s\" does not exist".formatted(what, name),
            "list what exists: ./bqx psql -c 'SELECT * FROM %s'".formatted(table));
      }
    }
    return names.isEmpty() ? known : names.stream().distinct().toList();
  }
}
