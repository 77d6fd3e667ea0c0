package org.bqx.migrations;

import java.sql.SQLException;
import java.util.Map;
import org.bqx.testkit.MadeBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.flywaydb.core.Flyway;

/** What the tests of this module do to a fresh database. */
final class Migrated {
  private Migrated() {}

  static Flyway flyway(TestDatabase database, Map<String, String> settings) {
    PinnedDataSource dataSource = new PinnedDataSource();
    dataSource.setURL(database.jdbcUrl());
    return Migrations.flyway(dataSource, settings);
  }

  static void migrate(TestDatabase database) {
    flyway(database, Map.of()).migrate();
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
}
