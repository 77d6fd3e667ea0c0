package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The table of docs/security.md on a front: who may do it on a server may do it here. */
@Tag("slow")
class FrontRolesSecurityIT {
  @RegisterExtension static final TestDatabase NODE = TestDatabase.inOwnCluster(Map.of());
  @RegisterExtension static final TestDatabase FRONT = TestDatabase.inOwnCluster(Map.of());

  private static final String DONE = "00000";
  private static final String DENIED = "42501";
  private static final String STRANGER = "bqx_test_stranger";

  /** A routine, a relation, a schema, a column or a language that is not there. */
  private static final Set<String> UNKNOWN = Set.of("42883", "42P01", "3F000", "42703", "42704");

  /**
   * What nobody may do through a front: bars change on the node; a foreign table is not emptied.
   * And what is not for a transaction, since it commits.
   */
  private static final String NOT_HERE = "0A000|55000|2D000";

  /** Rows of features, which the node keeps from everybody who comes by a front. */
  private static final String WRITE_DIRECTLY =
      "write features, state, baselines, the catalogue or runs directly";

  /** Of a server's: the month's tables, Java, what a client computes, and what a front calls. */
  private static final Set<String> ROWS_NOT_HERE =
      Set.of(
          "`bqx.begin_rows`, COPY into the table that it makes, `bqx.finish_rows`",
          "`bqx.describe_node`",
          "`bqx.note_pairs`, `bqx.note_brought`, `bqx.keep_related`, `bqx.adopt_pair`, `bqx.release_pair`",
          "`bqx.begin_correlation`, and `bqx.finish_correlation` in the same transaction",
          "see jars and class paths (schema `sqlj`)",
          "install, replace or remove jars, set class paths",
          "create Java functions");

  private static final Map<String, Map<String, String>> OUTCOMES = new HashMap<>();

  @BeforeAll
  static void computeOnePartitionOfEachFamily() throws SQLException {
    Migrated.migrateFront(FRONT, NODE);
    try (SqlSession superuser = new SqlSession(FRONT.connect())) {
      Migrated.insertBars(superuser, "eurusd", "2024-07-01T00:00Z", "2024-07-03T00:00Z");
      superuser.execute("SELECT bqx.set_baseline('eurusd')");
      superuser.execute("CALL bqx.backfill_range(NULL, NULL, '2024-07-01', '2024-07-01')");
      superuser.execute("SELECT bqx.define_matrix('sample', '{eurusd}', '{bqx.w60_*}')");
      superuser.execute("SELECT bqx.define_correlation('w60_h60', '{bqx.w60_bqx_return}')");
      superuser.execute("CREATE ROLE " + STRANGER);
    }
  }

  @TestFactory
  Stream<DynamicTest> eachCellOfTheTable() throws IOException {
    return RolesSecurityIT.cells(FrontRolesSecurityIT::tryCell);
  }

  private static void tryCell(String role, String row, boolean can) throws SQLException {
    Map<String, String> here = outcomes(row);
    assertThat(here.isEmpty()).as(row).isEqualTo(ROWS_NOT_HERE.contains(row));
    for (Map.Entry<String, String> statement : here.entrySet()) {
      String expected = can ? statement.getValue() : DENIED;
      assertThat(outcome(role, statement.getKey())).as(statement.getKey()).isEqualTo(expected);
    }
  }

  /** Statements of a row that are of a front, and what the superuser gets. */
  private static Map<String, String> outcomes(String row) throws SQLException {
    if (!OUTCOMES.containsKey(row)) {
      Map<String, String> outcomes = new LinkedHashMap<>();
      try (SqlSession superuser = new SqlSession(FRONT.connect())) {
        for (String sql : RolesSecurityIT.statements(superuser, row)) {
          String outcome = outcome("superuser", sql);
          if (!UNKNOWN.contains(outcome)) {
            assertThat(outcome)
                .as(sql)
                .matches(
                    String.join("|", DONE, NOT_HERE, row.equals(WRITE_DIRECTLY) ? DENIED : DONE));
            outcomes.put(sql, outcome);
          }
        }
      }
      OUTCOMES.put(row, outcomes);
    }
    return OUTCOMES.get(row);
  }

  /** The SQLSTATE by which a statement ends for a role. It leaves nothing. */
  private static String outcome(String role, String sql) throws SQLException {
    try (SqlSession session =
        new SqlSession(
            switch (role) {
              case "superuser" -> FRONT.connect();
              case "stranger" -> FRONT.connectAs(STRANGER);
              default -> FRONT.connectAs(role);
            })) {
      session.connection().setAutoCommit(false);
      try {
        session.execute(sql);
        return DONE;
      } catch (SQLException e) {
        return e.getSQLState();
      } finally {
        session.connection().rollback();
      }
    }
  }
}
