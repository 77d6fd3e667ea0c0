package org.bqx.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bqx.cli.CommandLineRunner;
import org.bqx.testkit.Computing;
import org.bqx.testkit.MadeBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What holds for every family that the catalogue has; none is named. A pair with four peers of its
 * base and three of its quote: days that are longer than any lookback and begin with hours in which
 * nothing moves, the first hours of a month, a month without volume or quotes, a flat one, one of
 * one bar, one in which the peers' bars stop.
 */
class EveryFamilyIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner COMMANDS = new CommandLineRunner(DATABASE);
  private static final String PAIR = "eurusd";
  private static final List<String> PEERS =
      List.of("eurgbp", "gbpusd", "usdjpy", "euraud", "eurcad", "eurchf", "nzdusd");
  private static final String AUGUST = "2024-08-01";
  private static final String FIRST_DAYS = "2024-07-01";

  /** Of a month of 180 bars, those that are looked at one by one. */
  private static final int[] MINUTES = {0, 1, 7, 19, 31, 59, 60, 89, 113, 140, 178, 179};

  private record Partition(String family, String pair, String month) {
    String table() {
      return family + "_" + pair + "_" + month.substring(0, 7).replace('-', '_');
    }
  }

  private static SqlSession session;
  private static Map<Partition, String> computed;

  @BeforeAll
  static void computeAll() throws SQLException {
    assertThat(COMMANDS.run("migrate").code()).isZero();
    session = new SqlSession(DATABASE.connect());
    session.execute("SELECT bqx.enable_family(family) FROM bqx.feature");
    bars(PAIR, 0);
    for (String peer : PEERS) {
      bars(peer, 1 + PEERS.indexOf(peer));
    }
    session.execute(
        "SELECT bqx.set_baseline(pair, '2024-07-01') FROM (SELECT DISTINCT pair FROM bqx.m1_month) p");
    assertThat(backfill("1", false).code()).isZero();
    computed = digests();
    assertThat(computed)
        .hasSize(
            (int)
                session.number(
                    "SELECT 6 * count(*) - (SELECT count(*) FROM bqx.progress WHERE pair = '%s' AND state = 'no quotes')"
                            .formatted(PAIR)
                        + " FROM bqx.family WHERE scope IN ('pair', 'market')"));
    assertThat(computed).hasSizeGreaterThan(90);
  }

  @AfterAll
  static void disconnect() throws SQLException {
    session.close();
  }

  private static void bars(String pair, int seed) throws SQLException {
    MadeBars.insert(session, pair, "2024-07-29 00:00Z", "2024-08-01 03:00Z");
    MadeBars.insert(session, pair, "2024-09-02 00:00Z", "2024-09-02 03:20Z");
    MadeBars.insert(session, pair, "2024-10-01 00:00Z", "2024-10-01 12:00Z");
    MadeBars.insert(session, pair, "2024-11-01 00:00Z", "2024-11-01 00:01Z");
    MadeBars.insert(session, pair, "2024-12-02 00:00Z", "2024-12-02 05:00Z");
    session.execute(
        """
        UPDATE bqx.m1 SET
            open = new.close + 0.00001 * (minute %% 3), close = new.close,
            high = new.close + 0.00002 * (1 + minute %% 5), low = new.close - 0.00003 * (minute %% 4),
            volume = minute * 7919 %% 211, bid_close = new.close, ask_close = new.close + 0.00001 * (1 + minute %% 7)
        FROM (
            SELECT time AS bar_time, minute, close + 0.00001 * (minute * (31 + 2 * %1$d) %% 97) AS close
            FROM bqx.m1, LATERAL (SELECT (extract(epoch FROM time) / 60)::bigint AS minute) m
            WHERE pair = '%2$s'
        ) new
        WHERE pair = '%2$s' AND time = bar_time
        """
            .formatted(seed, pair));
    session.execute(
        "UPDATE bqx.m1 SET volume = 0, bid_close = NULL, ask_close = NULL"
            + " WHERE pair = ? AND (time < '2024-07-30 18:00Z' OR time BETWEEN '2024-09-01' AND '2024-10-31')",
        pair);
    session.execute(
        "UPDATE bqx.m1 SET open = 1.1, high = 1.1, low = 1.1, close = 1.1"
            + " WHERE pair = ? AND (time < '2024-07-30 18:00Z' OR time BETWEEN '2024-10-01' AND '2024-10-31')",
        pair);
    session.execute(
        "UPDATE bqx.m1 SET volume = NULL WHERE pair = ? AND time = '2024-08-01 01:00Z'", pair);
    if (seed > 0) {
      session.execute(
          "DELETE FROM bqx.m1 WHERE pair = ? AND time >= '2024-12-02 00:30Z'::timestamptz + ? * interval '20 minutes'",
          pair,
          seed);
    }
  }

  private static CommandLineRunner.Result backfill(String workers, boolean force) {
    List<String> arguments =
        new ArrayList<>(List.of("backfill", "--pairs", PAIR + ",market", "--workers", workers));
    if (force) {
      arguments.add("--force");
    }
    return COMMANDS.run(arguments.toArray(String[]::new));
  }

  private static List<Partition> partitions() throws SQLException {
    List<Partition> partitions = new ArrayList<>();
    for (List<Object> row :
        session.rows(
            "SELECT family, pair, month::text FROM bqx.progress WHERE rows > 0 AND pair IN (?, 'market')"
                + " ORDER BY month DESC, family",
            PAIR)) {
      partitions.add(new Partition((String) row.get(0), (String) row.get(1), (String) row.get(2)));
    }
    return partitions;
  }

  private static Map<Partition, String> digests() throws SQLException {
    Map<Partition, String> digests = new TreeMap<>((a, b) -> a.table().compareTo(b.table()));
    for (Partition partition : partitions()) {
      digests.put(partition, MadeBars.digest(session, partition.table()));
    }
    return digests;
  }

  @Test
  void bitsDependNeitherOnWorkersNorOnNeighboursNorOnTheEngine() throws SQLException {
    assertThat(backfill("4", true).code()).isZero();
    assertThat(digests()).isEqualTo(computed);
    // Each by a session that has computed nothing else of its family, the last month first.
    for (Computing computing : List.of(Computing.byServer(), new ByClient())) {
      for (Partition partition : partitions()) {
        long rows =
            computing.compute(
                session,
                partition.family(),
                partition.pair(),
                LocalDate.parse(partition.month()),
                true);
        assertThat(rows).isPositive();
      }
      assertThat(digests()).as("%s", computing.getClass()).isEqualTo(computed);
    }
  }

  @Test
  void noNameIsLeftOutInSilence() throws SQLException {
    String family = "SELECT min(family) FROM bqx.family WHERE scope = '%s'";
    String ofPair = session.text(family.formatted("pair"));
    String ofMarket = session.text(family.formatted("market"));
    for (String command : List.of("plan", "backfill", "verify", "report --markdown")) {
      assertRefused(
          command + " --family " + ofPair + "," + ofMarket + " --pairs " + PAIR,
          "family \"%s\" has no partition of %s".formatted(ofMarket, PAIR));
      assertRefused(
          command + " --family " + ofPair + " --pairs market",
          "family \"%s\" has no partition of market".formatted(ofPair));
    }
    assertRefused(
        "plan --family " + ofMarket + " --pairs " + PAIR, "--pairs %s,market".formatted(PAIR));
    assertThat(
            COMMANDS
                .run("plan", "--family", ofMarket + "," + ofPair, "--pairs", PAIR + ",market")
                .code())
        .isZero();
    String backfill = "CALL bqx.backfill_range('%s', '{%s}', '2024-08-01', '2024-08-01')";
    assertThatThrownBy(() -> session.execute(backfill.formatted(ofMarket, PAIR)))
        .hasMessageContaining("family %s has no pair \"%s\"".formatted(ofMarket, PAIR));
    assertThatThrownBy(() -> session.execute(backfill.formatted(ofPair, "market")))
        .hasMessageContaining("unknown pair \"market\"");
    session.execute(backfill.formatted(ofMarket, PAIR + ",market"));
  }

  private static void assertRefused(String command, String message) {
    CommandLineRunner.Result refused = COMMANDS.run(command.split(" "));
    assertThat(refused.code()).as(command).isEqualTo(2);
    assertThat(refused.err()).contains(message);
  }

  @Test
  void verificationComparesRowsAsTheyAreStored() throws SQLException {
    assumeTrue(DATABASE.javaRuntime().isSqljrt(), "the server's Java is not sqljrt");
    session.connection().setAutoCommit(false);
    for (Partition partition : partitions()) {
      assertThat(haveSameBits(partition)).as(partition.table()).isTrue();
      String column =
          session.text(
              "SELECT column_name FROM bqx.feature_column WHERE family = ? ORDER BY element DESC LIMIT 1",
              partition.family());
      // The last row: another would lie elsewhere after an update.
      session.execute(
          "UPDATE bqx.%1$s SET %2$s = coalesce(%2$s * (1 + 2.3e-16) + 1e-300, 1)"
                  .formatted(partition.table(), column)
              + " WHERE ts_utc = (SELECT max(ts_utc) FROM bqx.%s)".formatted(partition.table()));
      assertThat(haveSameBits(partition)).as(partition.table()).isFalse();
      session.connection().rollback();
    }
    session.connection().setAutoCommit(true);
  }

  private static boolean haveSameBits(Partition partition) throws SQLException {
    return session.number(
            "SELECT count(bqx.verify_stored(?, ?, s, false, true, ARRAY[s.skip + 1, s.bars - s.tail]))"
                + " FROM bqx.read_source(?, ?, ?::date) s",
            partition.family(),
            partition.table(),
            partition.family(),
            partition.pair(),
            partition.month())
        == 1;
  }

  @Test
  void noRowReadsABarThatItsRoleForbids() throws SQLException {
    List<Partition> month =
        partitions().stream().filter(partition -> partition.month().equals(AUGUST)).toList();
    List<String> targets =
        session.column("SELECT family FROM bqx.family WHERE role = 'target' ORDER BY 1");
    session.connection().setAutoCommit(false);
    for (int minute : MINUTES) {
      String time = "'2024-08-01 00:00Z'::timestamptz + %d * interval '1 minute'".formatted(minute);
      for (boolean after : new boolean[] {true, false}) {
        List<Partition> chosen =
            month.stream()
                .filter(partition -> targets.contains(partition.family()) != after)
                .toList();
        Map<String, String> expected = new TreeMap<>();
        for (Partition partition : chosen) {
          expected.put(partition.family(), row(partition, time));
        }
        String side = "time %s %s".formatted(after ? ">" : "<", time);
        for (String change :
            List.of(
                // A month's first bar is where its blocks begin, and so is part of every row.
                "DELETE FROM bqx.m1 WHERE " + side + (after ? "" : " AND time < '2024-08-01'"),
                "UPDATE bqx.m1 SET open = open * 1.5, high = high * 1.5, low = low * 1.5, close = close * 1.5,"
                    + " bid_close = bid_close * 1.5, ask_close = ask_close * 1.5, volume = 1"
                    + " WHERE time < '2024-09-01' AND "
                    + side)) {
          session.execute("SAVEPOINT before");
          session.execute(change);
          for (Partition partition : chosen) {
            compute(partition);
            assertThat(row(partition, time))
                .as("%s at minute %s after %s", partition.family(), minute, change)
                .isEqualTo(expected.get(partition.family()));
          }
          session.execute("ROLLBACK TO SAVEPOINT before");
        }
      }
    }
    session.connection().rollback();
    session.connection().setAutoCommit(true);
  }

  private static void compute(Partition partition) throws SQLException {
    session.execute(
        "SELECT bqx.backfill(?, ?, ?::date, force => true)",
        partition.family(),
        partition.pair(),
        partition.month());
  }

  private static String row(Partition partition, String time) throws SQLException {
    return session.text(
        "SELECT record_send(r)::text FROM bqx.%s r WHERE ts_utc = %s"
            .formatted(partition.table(), time));
  }

  @Test
  void barsThatComeOneByOneOverAMonthsEdgeGiveTheSameBits() throws SQLException {
    session.connection().setAutoCommit(false);
    session.execute(
        "CREATE TEMPORARY TABLE later ON COMMIT DROP AS SELECT * FROM bqx.m1"
            + " WHERE time >= '2024-07-31 23:57Z' AND time < '2024-08-01 00:04Z'");
    List<Partition> edge =
        partitions().stream()
            .filter(partition -> partition.month().compareTo(AUGUST) <= 0)
            .toList();
    session.execute("DELETE FROM bqx.m1 WHERE time >= '2024-07-31 23:57Z'");
    for (Partition partition : edge) {
      if (partition.month().equals(FIRST_DAYS)) {
        compute(partition);
      }
    }
    for (int minute = 0; minute < 7; minute++) {
      session.execute(
          "INSERT INTO bqx.m1 SELECT * FROM later"
              + " WHERE time = '2024-07-31 23:57Z'::timestamptz + ? * interval '1 minute'",
          minute);
      for (Partition partition : edge) {
        if (partition.month().equals(FIRST_DAYS) || minute >= 3) {
          session.execute(
              "SELECT bqx.backfill(?, ?, ?::date)",
              partition.family(),
              partition.pair(),
              partition.month());
        }
      }
    }
    for (Partition partition : edge) {
      String appended = MadeBars.digest(session, partition.table());
      String write =
          session.text(
              "SELECT last_write FROM bqx.partition_state WHERE family = ? AND pair = ? AND month = ?::date",
              partition.family(),
              partition.pair(),
              partition.month());
      compute(partition);
      assertThat(MadeBars.digest(session, partition.table()))
          .as("%s", partition)
          .isEqualTo(appended);
      assertThat(write).as("%s", partition).isIn("new rows", "tail rows", "no rows");
    }
    session.connection().rollback();
    session.connection().setAutoCommit(true);
  }

  /**
   * A column is NULL in the rows that lack history; else where the reference has no value, and that
   * is nowhere unless the catalogue says when. What it says happens somewhere in these months, and
   * not everywhere.
   */
  @Test
  void nullsAreThoseOfTheCatalogueAndNoOthers() throws SQLException {
    for (Partition partition : partitions()) {
      assertThat(
              session.column(
                  "SELECT v::text FROM bqx.verify(?, ?, ?::date, sample => ?) v WHERE kind <> 'fact'"
                      + " AND (check_name <> 'reference' OR num_nulls(found, expected) = 1)",
                  partition.family(),
                  partition.pair(),
                  partition.month(),
                  partition.month().equals(FIRST_DAYS) ? 50 : 400))
          .as("%s", partition)
          .isEmpty();
    }
    List<String> wrong = new ArrayList<>();
    for (List<Object> column :
        session.rows(
            "SELECT family, column_name, needs, undefined_when IS NOT NULL FROM bqx.feature_column ORDER BY 1, element")) {
      List<Object> counts =
          session
              .rows(
                  """
                  SELECT count(*) FILTER (WHERE no <= %2$s AND value IS NOT NULL),
                      count(*) FILTER (WHERE no > %2$s AND value IS NULL), count(value)
                  FROM (SELECT %1$s AS value, row_number() OVER (ORDER BY ts_utc) AS no FROM bqx.%3$s
                        WHERE pair IN ('%4$s', 'market')) r
                  """
                      .formatted(column.get(1), column.get(2), column.get(0), PAIR))
              .get(0);
      boolean canBeUndefined = (Boolean) column.get(3);
      if ((Long) counts.get(0) > 0
          || (Long) counts.get(1) > 0 != canBeUndefined
          || (Long) counts.get(2) == 0) {
        wrong.add(column + " " + counts);
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** Of a level the view has what it is relative to the index, and says so. */
  @Test
  void everyLevelIsThereRelativeToTheIndex() throws SQLException {
    List<List<Object>> levels =
        session.rows(
            "SELECT family, column_name FROM bqx.feature_column WHERE level ORDER BY 1, 2");
    assertThat(levels).hasSizeGreaterThan(40);
    for (List<Object> level : levels) {
      assertThat(
              session.number(
                  """
                  SELECT count(*) FROM bqx.%1$s f JOIN bqx.%1$s_rel r USING (pair, ts_utc)
                  WHERE r.%2$s_rel IS DISTINCT FROM f.%2$s / f.rate_index - 1 OR abs(r.%2$s_rel) > 0.5
                  """
                      .formatted(level.get(0), level.get(1))))
          .as("%s", level)
          .isZero();
    }
    assertThat(
            session.column(
                """
                SELECT format('%s.%s', d.view_name, d.column_name) FROM bqx.derived_column d
                WHERE col_description(to_regclass('bqx.' || d.view_name), (
                    SELECT attnum FROM pg_attribute
                    WHERE attrelid = to_regclass('bqx.' || d.view_name) AND attname = d.column_name)) IS NULL
                """))
        .isEmpty();
    // Whatever the names of features say is a level, but for a deviation.
    assertThat(
            session.column(
                "SELECT column_name FROM bqx.feature_column JOIN bqx.family USING (family)"
                    + " WHERE column_name LIKE '%\\_index' AND NOT level AND scope = 'pair'"
                    + " AND metric <> 'stdev_index'"))
        .isEmpty();
  }
}
