package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Text passed to any routine that a runner or a reader may call is never part of a statement. */
class HostileArgumentsSecurityIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private static final List<String> HOSTILE =
      List.of(
          "eurusd\"; DROP TABLE bqx.m1 CASCADE; --",
          "eurusd'; DROP TABLE bqx.m1 CASCADE; --",
          "$$; DROP TABLE bqx.m1 CASCADE; $$",
          "$query$; DROP TABLE bqx.m1 CASCADE; $query$",
          "eurusd) + (SELECT 1",
          "%I %1$I %s %L %",
          "\u001b[2J\n\r\t\u009b",
          "eur\u202edsu\u0130",
          "../../../etc/passwd",
          "",
          "x".repeat(10_240));

  private static SqlSession superuser;

  @BeforeAll
  static void computeSomething() throws SQLException {
    Migrated.migrate(database);
    superuser = new SqlSession(database.connect());
    Migrated.insertBars(superuser, "eurusd", "2024-07-24T00:00Z", "2024-08-03T00:00Z");
    superuser.execute("SELECT bqx.set_baseline('eurusd')");
    superuser.execute("CALL bqx.backfill_range(NULL, NULL, '2024-07-01', '2024-08-01')");
    superuser.execute("SELECT bqx.define_correlation('w60_h60', '{bqx.w60_*}')");
    RoutineCalls.prepare(superuser);
    superuser.execute("GRANT USAGE ON SCHEMA fixture TO bqx_runner");
    superuser.execute("GRANT SELECT ON ALL TABLES IN SCHEMA fixture TO bqx_runner");
  }

  @Test
  void reachesNoStatement() throws SQLException {
    String before = objects();
    int calls = 0;
    SqlSession runner = new SqlSession(database.connectAs("bqx_runner"));
    for (RoutineCalls.Routine routine : RoutineCalls.all(superuser)) {
      if (superuser
          .value(
              "SELECT has_function_privilege('bqx_runner', ?::regproc, 'EXECUTE')", routine.name())
          .equals(false)) {
        continue;
      }
      for (int i = 0; i < routine.parameters().size(); i++) {
        String type = routine.types().get(i);
        if (!type.equals("text") && !type.equals("text[]")) {
          continue;
        }
        for (String text : HOSTILE) {
          String literal = "'" + text.replace("'", "''") + "'";
          String value = type.equals("text") ? literal : "ARRAY[" + literal + "]";
          String call = routine.call(Map.of(routine.parameters().get(i), value));
          // A syntax error, or a name that does not exist, would be part of a statement.
          assertThat(sqlState(runner, call))
              .as(call)
              .matches("done|QX00[1-7]|2[23]...|25P01|42501");
          calls++;
        }
      }
    }
    runner.close();
    assertThat(calls).isGreaterThan(200);
    assertThat(objects()).isEqualTo(before);
  }

  private static String sqlState(SqlSession runner, String sql) throws SQLException {
    boolean commits = sql.startsWith("CALL");
    runner.connection().setAutoCommit(commits);
    try (Statement statement = runner.connection().createStatement()) {
      statement.execute(sql);
      return "done";
    } catch (SQLException e) {
      return e.getSQLState();
    } finally {
      if (!commits) {
        runner.connection().rollback();
      }
    }
  }

  private static String objects() throws SQLException {
    return superuser.text(
        """
        SELECT concat_ws(' ',
            (SELECT md5(string_agg(oid || relname, ';' ORDER BY oid)) FROM pg_class WHERE relnamespace = 'bqx'::regnamespace),
            (SELECT md5(string_agg(oid || proname, ';' ORDER BY oid)) FROM pg_proc),
            (SELECT count(*) FROM bqx.m1), (SELECT count(*) FROM bqx.bqx), (SELECT count(*) FROM bqx.reg))""");
  }
}
