package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** The mutations on a day of made bars about a month's edge, and what the command does besides. */
class VerifyIT extends VerifyContract {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  private static final int LIMIT_SECONDS = 60;
  private static final String BLOCKED =
      " FROM pg_stat_activity WHERE application_name = 'bqx verify' AND wait_event_type = 'Lock'"
          + " AND datname = current_database()";

  @TempDir private Path folder;

  VerifyIT() {
    super(DATABASE, "eurusd", "2024-08-01 05:07 UTC", "2024-08-01 13:00 UTC");
  }

  @BeforeAll
  static void makeBars() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      makeBars(sql, "eurusd", 1.1, "2024-07-31 12:00Z", "2024-08-01 11:59Z");
    }
  }

  static void makeBars(SqlSession sql, String pair, double level, String from, String to)
      throws SQLException {
    sql.execute(
        "SELECT bqx.create_months(?, bqx.month_of(?::timestamptz), bqx.month_of(?::timestamptz))",
        pair,
        from,
        to);
    sql.execute(
        """
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume)
        SELECT ?, t, close, close, close, close, 1
        FROM generate_series(?::timestamptz, ?::timestamptz, interval '1 minute') t,
            LATERAL (SELECT extract(epoch FROM t)::bigint / 60 AS minute) m,
            LATERAL (SELECT ? * (1 + 0.01 * sin(minute / 300.0) + 0.00001 * (minute * 7919 % 997)) AS close) c
        """,
        pair, from, to, level);
    sql.execute("SELECT bqx.set_baseline(?, '2024-07-01')", pair);
  }

  @Test
  void aReaderVerifiesFromPsql() throws SQLException {
    try (SqlSession reader = new SqlSession(DATABASE.connectAs("bqx_reader"))) {
      String facts =
          "SELECT check_name || ': ' || found FROM bqx.verify('reg', 'EURUSD', '2024-07-01')";
      assertThat(reader.column(facts))
          .contains(
              "rows: 720",
              "unique times: 720",
              "w60 NULLs: 540",
              "w630 NULLs: 5670",
              "index outside band: 0")
          .anyMatch(fact -> fact.matches("w240 avg r2: 0\\.\\d+"))
          .anyMatch(fact -> fact.startsWith("avg index: "));
      assertThat(reader.column("SELECT check_name FROM bqx.verify_range()")).isEmpty();
    }
  }

  @Test
  void noColumnHidesWhatIsNoNumber() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.connection().setAutoCommit(false);
      for (String family : List.of("bqx", "reg")) {
        for (String column :
            sql.column("SELECT column_name FROM bqx.feature_column WHERE family = ?", family)) {
          for (String value : List.of("'NaN'", "'Infinity'", "'-Infinity'", "NULL")) {
            sql.execute(
                "UPDATE bqx.%s_eurusd SET %s = %s WHERE ts_utc = '2024-08-01 05:07Z'"
                    .formatted(family, column, value));
            assertThat(
                    sql.column(
                        "SELECT column_name FROM bqx.verify(?, 'eurusd', '2024-08-01', 0)"
                            + " WHERE kind = 'difference' AND ts_utc = '2024-08-01 05:07Z'",
                        family))
                .as("%s in %s", value, column)
                .contains(column);
            sql.connection().rollback();
          }
        }
      }
    }
  }

  @Test
  void jsonAndJUnitSayTheSame() throws Exception {
    Path file = folder.resolve("verify.xml");
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute(
          "UPDATE bqx.bqx SET w60_bqx_range = -1"
              + " WHERE pair = 'eurusd' AND ts_utc = '2024-08-01 05:07Z'");
      Result result = BQX.run("verify", "--family", "bqx", "--json", "--junit", file.toString());
      assertThat(result.code()).isEqualTo(3);
      assertThat(result.out())
          .startsWith("{\"schema\":1,\"verify\":{\"at\":\"")
          .contains(
              "\"planned\":2,",
              "\"time\":\"2024-08-01T05:07:00Z\",\"column\":\"w60_bqx_range\",\"found\":\"-1\"");
      Element suite =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getDocumentElement();
      assertThat(suite.getAttribute("tests")).isEqualTo("3");
      assertThat(suite.getAttribute("failures")).isEqualTo("1");
      assertThat(suite.getElementsByTagName("failure").item(0).getTextContent())
          .contains("bqx eurusd 2024-08-01 05:07 UTC w60_bqx_range: found -1");
    }
    assertThat(BQX.run("backfill", "--force").code()).isZero();
  }

  @Test
  void whatCannotBeReadIsNotDone() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      // Squares to more than a double can hold, so that the server refuses the statement.
      sql.execute(
          "UPDATE bqx.reg SET w60_reg_a = 1e308, w60_reg_a_term = 1e308"
              + " WHERE pair = 'eurusd' AND ts_utc = '2024-08-01 05:07Z'");
    }
    Result result = BQX.run("verify", "--workers", "1");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .containsOnlyOnce("not checked: ")
        .containsPattern("reg eurusd 2024-08 .*not checked: value out of range: overflow");
    assertThat(result.err()).contains("3 of 4 partitions verified");
    assertThat(BQX.run("backfill", "--force").code()).isZero();
  }

  @Test
  void whatIsNotThereIsADifference() throws SQLException {
    assertThat(BQX.run("verify", "--from", "2031-01").code()).isEqualTo(1);
    Result noBars = BQX.run("verify", "--pairs", "eurusd,gbpusd");
    assertThat(noBars.out()).contains("gbpusd: found no bars at all");
    assertThat(noBars.code()).isEqualTo(3);
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      makeBars(sql, "eurusd", 1.1, "2024-10-01 00:00Z", "2024-10-01 02:00Z");
      Result hole = BQX.run("verify");
      assertThat(hole.out())
          .contains("eurusd 2024-09: found no bars", "hole between months")
          .containsOnlyOnce("bqx eurusd 2024-10: found ")
          .contains("bqx eurusd 2024-10: found missing, expected done");
      assertThat(hole.code()).isEqualTo(3);

      sql.execute("DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time >= '2024-10-01Z'");
      sql.execute("DELETE FROM bqx.m1_month WHERE month = '2024-10-01'");
      sql.execute(
          "CREATE TABLE bqx.reg_eurusd_2024_10 PARTITION OF bqx.reg_eurusd"
              + " FOR VALUES FROM ('2024-10-01Z') TO ('2024-11-01Z')");
      assertThat(BQX.run("verify").out()).contains("table without state");
      sql.execute("DROP TABLE bqx.reg_eurusd_2024_10");
    }
  }

  @Test
  void crossesThatDoNotFitAndLackingMonthsAreWarnings() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      makeBars(sql, "usdjpy", 150, "2024-07-31 12:00Z", "2024-07-31 13:00Z");
      makeBars(sql, "eurjpy", 168, "2024-07-31 12:00Z", "2024-07-31 13:00Z");
      assertThat(BQX.run("backfill").code()).isZero();
      Result result = BQX.run("verify");
      assertThat(result.out())
          .contains("warning: eurjpy 2024-07-31 1", "eurusd x usdjpy is off by 0.0")
          .contains("warning: usdjpy 2024-08: found no bars");
      assertThat(result.code()).isZero();
      assertThat(BQX.run("verify", "--triangle-tolerance", "0.1", "--band", "1:2").out())
          .doesNotContain("triangle")
          .contains("warning: bqx eurusd 2024-08 rate_index: found 720 rows, expected 1 to 2");
      sql.execute(
          "TRUNCATE bqx.m1_usdjpy, bqx.m1_eurjpy, bqx.bqx_usdjpy, bqx.bqx_eurjpy, bqx.reg_usdjpy,"
              + " bqx.reg_eurjpy");
      sql.execute("DELETE FROM bqx.m1_month WHERE pair <> 'eurusd'");
      sql.execute("DELETE FROM bqx.partition_state WHERE pair <> 'eurusd'");
      for (String family : new String[] {"bqx", "reg"}) {
        for (String pair : new String[] {"usdjpy", "eurjpy"}) {
          sql.execute("DROP TABLE bqx.%s_%s_2024_07".formatted(family, pair));
        }
      }
    }
  }

  @Test
  void wrongOptionsAreUsage() {
    assertThat(BQX.run("verify", "--full", "--sample", "5").code()).isEqualTo(2);
    assertThat(BQX.run("verify", "--sample", "-1").code()).isEqualTo(2);
    assertThat(BQX.run("verify", "--band", "5").code()).isEqualTo(2);
    assertThat(BQX.run("verify", "--band", "5:1").code()).isEqualTo(2);
    assertThat(BQX.run("verify", "--pairs", "xxxyyy").code()).isEqualTo(2);
    assertThat(BQX.run("verify", "--from", "2024-08", "--to", "2024-07").code()).isEqualTo(2);
  }

  /** A partition is tried five times. */
  @Test
  void aPartitionWhoseBackendDiesEachTimeIsNotDone() throws Exception {
    try (SqlSession holder = holdPartition();
        SqlSession sql = new SqlSession(DATABASE.connect())) {
      File output = folder.resolve("output").toFile();
      Process process = BQX.start(output, "verify", "--workers", "1");
      while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
        sql.execute("SELECT pg_terminate_backend(pid)" + BLOCKED);
      }
      holder.connection().rollback();
      assertThat(process.exitValue()).as(Files.readString(output.toPath())).isEqualTo(1);
      assertThat(output).content().contains("not checked: ", "3 of 4 partitions verified");
    }
  }

  @Test
  void whatWasInterruptedIsNotDone() throws Exception {
    try (SqlSession holder = holdPartition();
        SqlSession sql = new SqlSession(DATABASE.connect())) {
      File output = folder.resolve("output").toFile();
      Process process = BQX.start(output, "verify", "--workers", "1");
      awaitBlocked(sql, output);
      assertThat(new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start().waitFor())
          .isZero();
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(output.toPath())).isEqualTo(130);
      holder.connection().rollback();
    }
  }

  @Test
  void withoutAServerItIsFour() {
    assertThat(BQX.runWith(Map.of("PGPORT", "1"), "verify").code()).isEqualTo(4);
  }

  @Test
  void aSampleMayBeLargerThanThePartition() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      assertThat(
              sql.column(
                  "SELECT kind || ' ' || found FROM bqx.verify('reg', 'eurusd', '2024-08-01', 4000000)"
                      + " WHERE check_name LIKE '%reference'"))
          .containsExactly("fact 720");
    }
  }

  /** As a backfill does that adds a bar's row to those that are there. */
  @Test
  void rowsThatAreAddedMeanwhileAreNoDifference() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute(
          "CREATE TABLE public.read AS SELECT s FROM bqx.read_source('reg', 'eurusd', '2024-08-01') s");
      try {
        sql.execute(
            "INSERT INTO bqx.m1 (pair, time, close) VALUES ('eurusd', '2024-08-01 12:00Z', 1.1)");
        assertThat(BQX.run("backfill").code()).isZero();
        assertThat(
                sql.text(
                    "SELECT last_write FROM bqx.progress"
                        + " WHERE family = 'reg' AND pair = 'eurusd' AND month = '2024-08-01'"))
            .isEqualTo("new rows");
        assertThatThrownBy(
                () ->
                    sql.column(
                        "SELECT bqx.verify_partition("
                            + "'reg', 'eurusd', '2024-08-01', 'done', s, 0, NULL, 2, false, 50, 200) FROM public.read"))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("rows were added to bqx.reg_eurusd_2024_08 while it was verified")
            .extracting(refused -> ((SQLException) refused).getSQLState())
            .isEqualTo("40001");
      } finally {
        sql.execute("DROP TABLE public.read");
        sql.execute("DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time = '2024-08-01 12:00Z'");
        assertThat(BQX.run("backfill", "--force").code()).isZero();
      }
    }
  }

  /** Who waits for one of several tables would keep who has it from the others. */
  @Test
  void familiesOfOneSourceAreNotWaitedFor() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      assertThat(sql.column("SELECT families::text FROM bqx.families_by_source()"))
          .contains("{bqx,reg}", "{fwd}")
          .hasSize(16);
      try (SqlSession holder = holdPartition()) {
        assertThatThrownBy(
                () -> sql.column("SELECT bqx.verify_families('{bqx,reg}', 'eurusd', '2024-08-01')"))
            .isInstanceOf(SQLException.class)
            .extracting(refused -> ((SQLException) refused).getSQLState())
            .isEqualTo("55P03");
        assertThat(
                sql.column(
                    "SELECT found FROM bqx.verify('bqx', 'eurusd', '2024-08-01') WHERE check_name = 'rows'"))
            .containsExactly("720");
        holder.connection().rollback();
      }
    }
  }

  /** A session in whose transaction nobody else reads a partition. */
  private static SqlSession holdPartition() throws SQLException {
    SqlSession holder = new SqlSession(DATABASE.connect());
    holder.connection().setAutoCommit(false);
    holder.execute("LOCK TABLE bqx.reg_eurusd_2024_08 IN ACCESS EXCLUSIVE MODE");
    return holder;
  }

  private static void awaitBlocked(SqlSession sql, File output) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (sql.number("SELECT count(*)" + BLOCKED) == 0) {
      assertThat(System.nanoTime()).as(Files.readString(output.toPath())).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
