package org.bqx.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/**
 * Bars that were only appended cost their own rows alone; every other change costs the partition.
 * The truth is always a computation by force, in the same database. Where that is a front, bars are
 * changed, and tables of one month looked at, on the node.
 */
public abstract class AppendContract {
  private static final LocalDate JULY = LocalDate.of(2024, 7, 1);
  private static final LocalDate AUGUST = LocalDate.of(2024, 8, 1);
  private static final List<String> FAMILIES = List.of("bqx", "reg");

  private final TestDatabase database;
  private final TestDatabase node;
  private final Computing engine;

  /** Of the database that people are given. */
  private SqlSession session;

  /** Of the one that has the bars: the same, or a front's node. */
  private SqlSession home;

  protected AppendContract(TestDatabase database, Computing engine) {
    this(database, database, engine);
  }

  /** For a front whose pairs live on one node. */
  protected AppendContract(TestDatabase database, TestDatabase node, Computing engine) {
    this.database = database;
    this.node = node;
    this.engine = engine;
  }

  @BeforeEach
  void computeTwoMonths() throws SQLException {
    session = new SqlSession(database.connect());
    home = node == database ? session : new SqlSession(node.connect());
    home.execute(
        "TRUNCATE bqx.m1, bqx.bqx, bqx.reg, bqx.m1_month, bqx.partition_state, bqx.baseline_rates");
    MadeBars.insert(home, "eurusd", "2024-07-25 00:00Z", "2024-08-02 12:00Z");
    session.execute("SELECT bqx.set_baseline('eurusd')");
    for (String family : FAMILIES) {
      backfill(family, JULY);
      backfill(family, AUGUST);
    }
  }

  @AfterEach
  void disconnect() throws SQLException {
    home.close();
    session.close();
  }

  @Test
  void appendedBarsAddTheirRowsAlone() throws SQLException {
    MadeBars.insert(home, "eurusd", "2024-08-02 12:00Z", "2024-08-02 12:01Z");
    MadeBars.insert(home, "eurusd", "2024-08-02 12:01Z", "2024-08-02 15:00Z");
    for (String family : FAMILIES) {
      String partition = family + "_eurusd_2024_08";
      List<String> before = oldRows(partition);
      assertThat(plannedWrite(family, AUGUST)).isEqualTo("new rows");
      assertThat(backfill(family, AUGUST)).isEqualTo(180);
      assertThat(oldRows(partition)).isEqualTo(before).hasSize(2_160);
      assertThat(lastWrite(family, AUGUST)).isEqualTo("done new rows 180 of 2340");
      assertSameAsByForce(family, AUGUST);
    }
  }

  @Test
  void rowsAreAddedBarByBarWithTheBitsOfAWholeComputation() throws SQLException {
    home.execute("TRUNCATE bqx.m1, bqx.bqx, bqx.reg, bqx.m1_month, bqx.partition_state");
    // From the first bar of a history on: every window fills up while rows are added.
    for (int hour = 0; hour < 24; hour++) {
      MadeBars.insert(
          home,
          "eurusd",
          "2024-07-01 00:00Z".replace("00:00", "%02d:00".formatted(hour)),
          hour == 23
              ? "2024-07-02 00:00Z"
              : "2024-07-01 00:00Z".replace("00:00", "%02d:00".formatted(hour + 1)));
      for (String family : FAMILIES) {
        assertThat(backfill(family, JULY)).isEqualTo(60);
      }
    }
    for (String family : FAMILIES) {
      assertThat(lastWrite(family, JULY)).isEqualTo("done new rows 60 of 1440");
      assertSameAsByForce(family, JULY);
    }
  }

  @Test
  void aNewMonthBeginsWholeAndGrowsByAppending() throws SQLException {
    MadeBars.insert(home, "eurusd", "2024-09-02 00:00Z", "2024-09-02 00:01Z");
    LocalDate september = LocalDate.of(2024, 9, 1);
    assertThat(backfill("reg", september)).isEqualTo(1);
    assertThat(lastWrite("reg", september)).isEqualTo("done all rows 1 of 1");
    MadeBars.insert(home, "eurusd", "2024-09-02 00:01Z", "2024-09-02 00:03Z");
    assertThat(backfill("reg", september)).isEqualTo(2);
    assertThat(lastWrite("reg", september)).isEqualTo("done new rows 2 of 3");
    assertSameAsByForce("reg", september);
  }

  @Test
  void aChangedOldBarCostsThePartition() throws SQLException {
    append();
    home.execute("UPDATE bqx.m1 SET close = close * 1.01 WHERE time = '2024-08-01 07:00Z'");
    assertWholePartition("bqx", AUGUST);
  }

  @Test
  void aBarThatComesLateCostsThePartition() throws SQLException {
    home.execute("DELETE FROM bqx.m1 WHERE time = '2024-08-01 07:00Z'");
    backfill("reg", AUGUST);
    append();
    MadeBars.insert(home, "eurusd", "2024-08-01 07:00Z", "2024-08-01 07:01Z");
    assertWholePartition("reg", AUGUST);
  }

  @Test
  void aDeletedBarCostsThePartitionEvenWhenOthersReplaceIt() throws SQLException {
    home.execute("DELETE FROM bqx.m1 WHERE time = '2024-08-02 11:59Z'");
    append();
    assertWholePartition("reg", AUGUST);
    home.execute("DELETE FROM bqx.m1 WHERE time > '2024-08-02 11:00Z'");
    assertWholePartition("bqx", AUGUST);
  }

  @Test
  void barsAppendedToTheMonthBeforeCostTheMonthAfterWhole() throws SQLException {
    home.execute("DELETE FROM bqx.m1 WHERE time >= '2024-07-31 22:00Z' AND time < '2024-08-01Z'");
    backfill("bqx", JULY);
    backfill("bqx", AUGUST);
    MadeBars.insert(home, "eurusd", "2024-07-31 22:00Z", "2024-08-01 00:00Z");
    append();
    assertThat(plannedWrite("bqx", JULY)).isEqualTo("new rows");
    assertThat(backfill("bqx", JULY)).isEqualTo(120);
    assertSameAsByForce("bqx", JULY);
    assertWholePartition("bqx", AUGUST);
  }

  @Test
  void aChangeBeyondTheLookbackCostsNothing() throws SQLException {
    home.execute("UPDATE bqx.m1 SET close = close * 1.01 WHERE time = '2024-07-26 07:00Z'");
    String oid = home.text("SELECT 'bqx.bqx_eurusd_2024_08'::regclass::oid::text");
    assertThat(state("bqx", AUGUST)).isEqualTo("stale");
    assertThat(plannedWrite("bqx", AUGUST)).isEqualTo("no rows");
    assertThat(plannedWrite("bqx", JULY)).isEqualTo("all rows");
    assertThat(backfill("bqx", AUGUST)).isZero();
    assertThat(state("bqx", AUGUST)).isEqualTo("done");
    assertThat(lastWrite("bqx", AUGUST)).isEqualTo("done no rows 0 of 2160");
    assertThat(home.text("SELECT 'bqx.bqx_eurusd_2024_08'::regclass::oid::text")).isEqualTo(oid);
    assertSameAsByForce("bqx", AUGUST);
  }

  @Test
  void theFirstBarOfTheLookbackCounts() throws SQLException {
    String first =
        "SELECT time FROM bqx.m1 WHERE time < '2024-08-01Z' ORDER BY time DESC OFFSET %d LIMIT 1";
    home.execute(
        "UPDATE bqx.m1 SET close = close * 1.01 WHERE time = (%s)".formatted(first.formatted(630)));
    assertThat(plannedWrite("reg", AUGUST)).isEqualTo("no rows");
    home.execute(
        "UPDATE bqx.m1 SET close = close * 1.01 WHERE time = (%s)".formatted(first.formatted(629)));
    assertWholePartition("reg", AUGUST);
  }

  @Test
  void anotherBaselineOrALostPartitionCostsThePartition() throws SQLException {
    append();
    session.execute("SELECT bqx.set_baseline('eurusd', '2024-07-26')");
    assertWholePartition("reg", AUGUST);
    append("15:00", "16:00");
    home.execute("DELETE FROM bqx.reg WHERE ts_utc = '2024-08-02 14:59Z'");
    assertWholePartition("reg", AUGUST);
    append("16:00", "17:00");
    home.execute("DROP TABLE bqx.reg_eurusd_2024_08");
    assertWholePartition("reg", AUGUST);
  }

  @Test
  void barsThatAreNotCommittedYetAreNotReadAndMakeStaleOnceTheyAre() throws SQLException {
    append();
    try (SqlSession writer = new SqlSession(node.connect())) {
      writer.connection().setAutoCommit(false);
      writer.execute("UPDATE bqx.m1 SET close = close * 1.01 WHERE time = '2024-08-01 07:00Z'");
      assertThat(backfill("bqx", AUGUST)).isEqualTo(180);
      assertThat(state("bqx", AUGUST)).isEqualTo("done");
      writer.connection().commit();
    }
    assertThat(state("bqx", AUGUST)).isEqualTo("stale");
    assertWholePartition("bqx", AUGUST);
  }

  @Test
  void badBarsAppendedFailAndKeepTheRows() throws SQLException {
    append();
    home.execute("UPDATE bqx.m1 SET rate_index = 'NaN' WHERE time = '2024-08-02 14:00Z'");
    assertThat(
            catchThrowableOfType(SQLException.class, () -> backfill("bqx", AUGUST)).getSQLState())
        .isEqualTo("QX005");
    assertThat(home.number("SELECT count(*) FROM bqx.bqx_eurusd_2024_08")).isEqualTo(2_160);
    session.execute("SELECT bqx.record_failure('bqx', 'eurusd', '2024-08-01', 'QX005', 'bad')");
    session.execute("SELECT bqx.set_baseline('eurusd')");
    assertThat(backfill("bqx", AUGUST)).isEqualTo(180);
    assertThat(lastWrite("bqx", AUGUST)).isEqualTo("done new rows 180 of 2340");
    assertSameAsByForce("bqx", AUGUST);
  }

  @Test
  void listenersAreToldPairAndMonth() throws SQLException {
    session.execute("LISTEN bqx_bars");
    try (SqlSession writer = new SqlSession(database.connect())) {
      MadeBars.insert(writer, "eurusd", "2024-08-02 12:00Z", "2024-08-02 12:10Z");
    }
    home.execute("DELETE FROM bqx.m1 WHERE time = '2024-07-31 23:59Z'");
    var notifications = session.connection().unwrap(PGConnection.class).getNotifications(10_000);
    assertThat(notifications)
        .extracting(notification -> notification.getName() + " " + notification.getParameter())
        .startsWith("bqx_bars eurusd 2024-08");
  }

  private void append() throws SQLException {
    append("12:00", "15:00");
  }

  private void append(String from, String to) throws SQLException {
    MadeBars.insert(home, "eurusd", "2024-08-02 " + from + "Z", "2024-08-02 " + to + "Z");
  }

  private void assertWholePartition(String family, LocalDate month) throws SQLException {
    assertThat(plannedWrite(family, month)).isEqualTo("all rows");
    long rows = backfill(family, month);
    assertThat(lastWrite(family, month)).isEqualTo("done all rows %d of %d".formatted(rows, rows));
    assertSameAsByForce(family, month);
  }

  /** Neither the rows nor what the state row says of the bars differ from a whole computation's. */
  private void assertSameAsByForce(String family, LocalDate month) throws SQLException {
    String partition = family + month.toString().substring(0, 7).replaceAll("^|-", "_");
    partition = partition.replace("_2024", "_eurusd_2024");
    String digest = MadeBars.digest(home, partition);
    String source =
        "SELECT concat_ws(' ', rows, source_from, source_revision, source_digest) FROM bqx.partition_state"
            + " WHERE family = ? AND month = ?";
    String state = session.text(source, family, month);
    engine.compute(session, family, "eurusd", month, true);
    assertThat(digest).isEqualTo(MadeBars.digest(home, partition));
    assertThat(state).isEqualTo(session.text(source, family, month));
  }

  /** Where each old row lies and which transaction wrote it. */
  private List<String> oldRows(String partition) throws SQLException {
    return home.column(
        "SELECT concat_ws(' ', tableoid, ctid, xmin, ts_utc) FROM bqx.%s WHERE ts_utc < '2024-08-02 12:00Z' ORDER BY ts_utc"
            .formatted(partition));
  }

  private long backfill(String family, LocalDate month) throws SQLException {
    return engine.compute(session, family, "eurusd", month, false);
  }

  private String plannedWrite(String family, LocalDate month) throws SQLException {
    return session.text("SELECT bqx.planned_write(?, 'eurusd', ?)", family, month);
  }

  private String state(String family, LocalDate month) throws SQLException {
    return session.text(
        "SELECT state FROM bqx.progress WHERE family = ? AND month = ?", family, month);
  }

  private String lastWrite(String family, LocalDate month) throws SQLException {
    return session.text(
        "SELECT concat_ws(' ', state, last_write, last_rows, 'of', rows) FROM bqx.progress WHERE family = ? AND month = ?",
        family,
        month);
  }
}
