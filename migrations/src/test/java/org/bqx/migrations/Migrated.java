package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.bqx.testkit.FrontNode;
import org.bqx.testkit.MadeBars;
import org.bqx.testkit.RealBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.flywaydb.core.Flyway;
import org.postgresql.PGConnection;

/** What the tests of this module do to a fresh database. */
final class Migrated {
  private Migrated() {}

  static Flyway flyway(TestDatabase database, Map<String, String> settings) {
    return flyway(database, settings, notice -> {});
  }

  static Flyway flyway(
      TestDatabase database, Map<String, String> settings, Consumer<String> notices) {
    PinnedDataSource dataSource = new PinnedDataSource();
    dataSource.setURL(database.jdbcUrl());
    return Migrations.flyway(dataSource, settings, notices);
  }

  static void migrate(TestDatabase database) {
    flyway(database, Map.of()).migrate();
  }

  /** Makes a database the front of another one. */
  static void migrateFront(TestDatabase front, TestDatabase node) throws SQLException {
    migrate(node);
    flyway(front, Map.of("flyway.placeholders.engine", "nodes")).migrate();
    FrontNode.add(front, node);
  }

  /** See {@link MadeBars#insert}. */
  static void insertBars(SqlSession session, String pair, String fromTime, String toTime)
      throws SQLException {
    MadeBars.insert(session, pair, fromTime, toTime);
  }

  /** See {@link MadeBars#digest}. */
  static String digest(SqlSession session, String partition) throws SQLException {
    return MadeBars.digest(session, partition);
  }

  /** Brings the real bars of a pair, those of 2021, and sets its baseline. */
  static void copyRealBars(SqlSession session, String pair) throws SQLException, IOException {
    session.execute("SELECT bqx.create_months(?, '2021-01-01', '2021-03-01')", pair);
    session.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS real (time timestamptz, open float8, high float8, low float8,"
            + " close float8, volume float8)");
    session.execute("TRUNCATE real");
    try (InputStream bars =
        new GZIPInputStream(
            Files.newInputStream(RealBars.directory().resolve(pair + "_2021.csv.gz")))) {
      session
          .connection()
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY real FROM STDIN (FORMAT csv, HEADER)", bars);
    }
    session.execute(
        "INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume)"
            + " SELECT ?, time, open, high, low, close, volume FROM real",
        pair);
    session.execute("SELECT bqx.set_baseline(?)", pair);
  }

  /** What a column's defect is found by: a value of a row that is off, and a NULL. */
  static void assertChangedValuesAreFound(
      SqlSession session, String family, String pair, String time) throws SQLException {
    String partition =
        session.text(
            "SELECT bqx.partition_name(?, ?, bqx.month_of(?::timestamptz))", family, pair, time);
    for (String column :
        session.column(
            "SELECT column_name FROM bqx.feature_column WHERE family = ? ORDER BY element",
            family)) {
      for (String change : List.of("coalesce(%s, 0) + 1e-3", "NULL")) {
        session.execute("BEGIN");
        try {
          session.execute(
              "UPDATE bqx.%s SET %s = %s WHERE ts_utc = '%s'"
                  .formatted(partition, column, change.formatted(column), time));
          assertThat(
                  session.column(
                      "SELECT DISTINCT v.column_name FROM bqx.verify(?, ?, bqx.month_of(?::timestamptz),"
                          + " sample => 10, every_row => true) v WHERE v.kind <> 'fact'",
                      family,
                      pair,
                      time))
              .as("%s %s", column, change)
              .contains(column);
        } finally {
          session.execute("ROLLBACK");
        }
      }
    }
  }
}
