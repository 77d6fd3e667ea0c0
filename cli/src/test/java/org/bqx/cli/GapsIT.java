package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three days that are missing inside a month are told by every command until they are known. */
@TestMethodOrder(OrderAnnotation.class)
class GapsIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  private SqlSession sql;

  @BeforeAll
  static void deleteThreeDays() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    assertThat(
            BQX.run("generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07").code())
        .isZero();
    try (SqlSession session = new SqlSession(DATABASE.connect())) {
      session.execute(
          "DELETE FROM bqx.m1 WHERE pair = 'eurusd' AND time >= '2024-07-09 00:00Z' AND time < '2024-07-12 00:00Z'");
    }
    assertThat(BQX.run("backfill", "--family", "bqx").code()).isZero();
  }

  @BeforeEach
  void connect() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
  }

  @AfterEach
  void disconnect() throws SQLException {
    sql.close();
  }

  @Test
  @Order(1)
  void theyAreListedWithTheirTimes() {
    assertThat(BQX.run("doctor").out().replaceAll("\\s+", " "))
        .contains("1 month changed since gaps were looked for");
    Result gaps = BQX.run("gaps");
    assertThat(gaps.code()).isZero();
    assertThat(gaps.out())
        .containsPattern(
            "eurusd +2024-07-(08 23:5\\d|09 00:00) to 2024-07-12 00:0\\d UTC +4,3\\d\\d minutes +open")
        .containsPattern(
            "eurusd +2024-07 to 2024-07 +[\\d,]+ bars +[\\d,]+ missing +8\\d\\.\\d+ %");
    assertThat(gaps.err()).contains("1 open gap, 0 others; 1 month looked at");
    assertThat(BQX.run("gaps", "--json").out()).contains("\"minutes\":43", "\"state\":\"open\"");
    assertThat(BQX.run("gaps", "--pairs", "usdjpy").err()).contains("0 open gaps");
  }

  @Test
  @Order(2)
  void planStatusVerifyReportAndDoctorTellOfThem() {
    assertThat(BQX.run("plan").err()).contains("1 gap in the bars, the longest eurusd 2024-07-");
    assertThat(BQX.run("status").err()).contains("1 gap in the bars, the longest eurusd 2024-07-");
    Result verified = BQX.run("verify", "--family", "bqx");
    assertThat(verified.code()).isZero();
    assertThat(verified.out()).contains("gap in bars", "minutes of an open market");
    assertThat(BQX.run("report", "--markdown", "--family", "bqx").out()).contains("gap in bars");
    assertThat(BQX.run("doctor").out().replaceAll("\\s+", " ")).contains("1 gap open in the bars");
  }

  @Test
  @Order(3)
  void barsBehindTheTriggersAreToldByPlanAndDoctor() throws SQLException {
    sql.execute("SET session_replication_role = replica");
    sql.execute("SELECT bqx.create_months('usdjpy', '2024-07-01', '2024-07-01')");
    sql.execute(
        "INSERT INTO bqx.m1 (pair, time, close, rate_index) VALUES ('usdjpy', '2024-07-01 00:00Z', 150, 100)");
    assertThat(BQX.run("plan").err())
        .contains("bars came or went behind the triggers, in usdjpy 2024-07");
    Result backfill = BQX.run("backfill", "--pairs", "usdjpy");
    assertThat(backfill.out()).contains("nothing to compute");
    assertThat(backfill.err()).contains("bars came or went behind the triggers, in usdjpy 2024-07");
    assertThat(BQX.run("doctor").out().replaceAll("\\s+", " "))
        .contains("usdjpy 2024-07 has 1 bar, 0 noted");
    sql.execute("DELETE FROM bqx.m1 WHERE pair = 'usdjpy'");
    assertThat(BQX.run("plan").err()).doesNotContain("triggers");
  }

  @Test
  @Order(4)
  void whatIsKnownIsNotToldAgain() throws SQLException {
    Result acknowledged = BQX.run("gaps", "--acknowledge", "--note", "the vendor has none");
    assertThat(acknowledged.err()).contains("1 gap acknowledged", "0 open gaps, 1 other");
    assertThat(BQX.run("plan").err()).doesNotContain("gap");
    assertThat(BQX.run("verify", "--family", "bqx").out()).doesNotContain("gap in bars");
    assertThat(BQX.run("gaps", "--all").out()).containsPattern("acknowledged +the vendor has none");
    assertThat(BQX.run("gaps", "--note", "x").code()).isEqualTo(2);
    assertThat(BQX.run("gaps", "--pairs", "abcxyz").code()).isEqualTo(2);
    assertThat(BQX.run("gaps", "--from", "2024-08", "--to", "2024-07").code()).isEqualTo(2);
  }
}
