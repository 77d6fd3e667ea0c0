package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bqx.cluster.PostgresCluster;
import org.bqx.cluster.ServerAddress;
import org.bqx.testkit.SqlSession;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** A front and its nodes: what one server does, they do. */
@Tag("slow")
class FrontIT {
  private static final String PASSWORD = "a password of the front";
  private static final String FRONT = "front";
  private static final String NEAR = "near";
  private static final String FAR = "far";
  private static final String SINGLE = "single";
  private static final String GROWN_FRONT = "grown_front";
  private static final String TLS_FRONT = "tls_front";

  /** Seconds in which the node's statement has ended. */
  private static final int END_LIMIT = 2;

  /** Pairs on node near, and on node far; each is related to some of both. */
  private static final List<String> NEAR_PAIRS = List.of("eurusd", "eurgbp");

  private static final List<String> FAR_PAIRS = List.of("gbpusd", "usdjpy");

  private static final String FROM = "2021-02-26 00:00Z";
  private static final String TO = "2021-03-02 00:00Z";

  /** The front, the node near and a server to compare with are databases of one, far is another. */
  private static PostgresCluster home;

  private static PostgresCluster away;
  private static ServerAddress here;
  private static ServerAddress there;

  private SqlSession front;
  private SqlSession single;

  @BeforeAll
  static void makeNodesAndFront() throws SQLException {
    home = PostgresCluster.temporary(Map.of());
    away = PostgresCluster.temporary(Map.of());
    here = home.start();
    there = away.start();
    for (String database : List.of(FRONT, NEAR, SINGLE)) {
      make(here, database);
    }
    make(there, FAR);
    try (SqlSession session = new SqlSession(connect(here, NEAR))) {
      session.execute("ALTER ROLE bqx_front LOGIN PASSWORD '" + PASSWORD + "'");
    }
    try (SqlSession session = new SqlSession(connect(there, FAR))) {
      session.execute("ALTER ROLE bqx_front LOGIN PASSWORD '" + PASSWORD + "'");
    }
    try (SqlSession front = new SqlSession(connect(here, FRONT));
        SqlSession single = new SqlSession(connect(here, SINGLE))) {
      addNode(front, NEAR, here);
      addNode(front, FAR, there);
      front.execute("SELECT bqx.place_pairs(?, ?::text[])", NEAR, "{eurusd,eurgbp,market}");
      front.execute("SELECT bqx.place_pairs(?, ?::text[])", FAR, "{gbpusd,usdjpy}");
      for (SqlSession session : List.of(front, single)) {
        session.execute("SELECT bqx.enable_family(family) FROM bqx.feature ORDER BY family_no");
        for (List<String> pairs : List.of(NEAR_PAIRS, FAR_PAIRS)) {
          for (String pair : pairs) {
            bars(session, pair, FROM, TO);
            session.execute("SELECT bqx.set_baseline(?)", pair);
          }
        }
        backfill(session);
      }
    }
  }

  private static void make(ServerAddress address, String database) throws SQLException {
    try (SqlSession session = new SqlSession(connect(address, "postgres"))) {
      session.execute("CREATE DATABASE " + database);
    }
    flyway(address, database).migrate();
  }

  private static Flyway flyway(ServerAddress address, String database) {
    PinnedDataSource dataSource = new PinnedDataSource();
    dataSource.setURL(url(address, database));
    return Migrations.flyway(
        dataSource,
        database.endsWith(FRONT)
            ? Map.of("flyway.placeholders.engine", "nodes")
            : Map.of("flyway.placeholders.baseline_date", "2021-02-01"));
  }

  private static String url(ServerAddress address, String database) {
    return "%s?user=%s&password=%s"
        .formatted(address.jdbcUrl(database), address.user(), address.password());
  }

  private static Connection connect(ServerAddress address, String database) throws SQLException {
    return DriverManager.getConnection(url(address, database));
  }

  private static void addNode(SqlSession front, String node, ServerAddress address)
      throws SQLException {
    front.execute(
        "SELECT bqx.add_node(?, ?, ?, ?, password => ?)",
        node,
        address.host(),
        address.port(),
        node,
        PASSWORD);
  }

  /** Bars of a pair, with noise of its own. */
  private static void bars(SqlSession session, String pair, String from, String to)
      throws SQLException {
    session.execute(
        "SELECT bqx.create_months(?, bqx.month_of(?::timestamptz), bqx.month_of(?::timestamptz - interval '1 minute'))",
        pair,
        from,
        to);
    session.execute(
        """
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume, bid_close, ask_close)
        SELECT p.pair, t, close, close + 0.0002, close - 0.0002, close + 0.0001, minute % 50, close, close + 0.00015
        FROM bqx.pair p,
            generate_series(?::timestamptz, ?::timestamptz - interval '1 minute', interval '1 minute') t,
            LATERAL (SELECT (extract(epoch FROM t) / 60)::bigint AS minute) m,
            LATERAL (SELECT round((1.1 + 0.01 * sin(minute / 3000.0)
                + 0.00001 * (minute * (7919 + p.pair_no) % 997))::numeric, 5)::float8 AS close) c
        WHERE p.pair = ? AND extract(isodow FROM t AT TIME ZONE 'UTC') < 6
        """,
        from, to, pair);
  }

  @AfterAll
  static void delete() {
    home.delete();
    away.delete();
  }

  @BeforeEach
  void open() throws SQLException {
    front = new SqlSession(connect(here, FRONT));
    single = new SqlSession(connect(here, SINGLE));
  }

  @AfterEach
  void close() throws SQLException {
    front.close();
    single.close();
  }

  private static void backfill(SqlSession session) throws SQLException {
    session.execute("CALL bqx.backfill_range(NULL, NULL, '2021-02-01', '2021-03-01')");
  }

  private static List<String> states(SqlSession session) throws SQLException {
    return session.column(
        "SELECT concat_ws(' ', family, pair, month, state, reason, rows) FROM bqx.progress ORDER BY 1");
  }

  /** A digest of each pair's rows of each family, and of its bars. */
  private static List<String> digests(SqlSession session) throws SQLException {
    List<String> digests = new ArrayList<>();
    for (String table :
        session.column("SELECT 'm1' UNION ALL SELECT family FROM bqx.feature WHERE enabled")) {
      digests.addAll(
          session.column(
              "SELECT concat_ws(' ', '%1$s', pair, md5(string_agg(md5(t::text), '' ORDER BY %2$s))) FROM bqx.%1$s t"
                      .formatted(table, table.equals("m1") ? "time" : "ts_utc")
                  + " GROUP BY pair ORDER BY pair"));
    }
    return digests;
  }

  private static String stateOfFailure(SqlSession session, String sql) {
    PSQLException failure = catchThrowableOfType(PSQLException.class, () -> session.execute(sql));
    assertThat((Throwable) failure).as(sql).isNotNull();
    ServerErrorMessage message = failure.getServerErrorMessage();
    return "%s %s %s".formatted(failure.getSQLState(), message.getMessage(), message.getHint());
  }

  @Test
  void everyFamilyHasTheBitsOfASingleServer() throws SQLException {
    assertThat(states(front)).isEqualTo(states(single)).hasSize(130);
    assertThat(digests(front)).isEqualTo(digests(single)).hasSize(69);
    assertThat(
            front.column(
                "SELECT concat_ws(' ', p.family, p.pair, v) FROM bqx.progress p,"
                    + " bqx.verify(p.family, p.pair, p.month, every_row => true) v"
                    + " WHERE p.family IN ('bqx', 'xpair', 'ccy') AND v.kind <> 'fact'"))
        .isEmpty();
    assertThat(front.column("SELECT check_name FROM bqx.check_nodes()")).isEmpty();
  }

  @Test
  void barsAreChangedOneByOneOnTheirNodeAlone() throws SQLException {
    for (String change :
        List.of(
            "UPDATE bqx.m1 SET close = close + 1",
            "UPDATE bqx.m1 SET close = 2 WHERE pair = 'eurusd' AND time = '2021-03-01 00:05Z'",
            "UPDATE bqx.m1_gbpusd SET volume = 0",
            "DELETE FROM bqx.m1 WHERE pair = 'eurusd'",
            "DELETE FROM bqx.m1_gbpusd",
            "TRUNCATE bqx.m1")) {
      assertThat(stateOfFailure(front, change))
          .as(change)
          .startsWith("0A000 bars can not be changed");
    }
    assertThat(stateOfFailure(front, "TRUNCATE bqx.m1_eurusd")).startsWith("55000");
    assertThat(stateOfFailure(front, "UPDATE bqx.bqx SET rate_index = 1")).startsWith("42501");

    List<String> before = digests(front);
    front.execute("BEGIN");
    assertThat(
            front.number(
                """
                SELECT bqx.replace_bars('gbpusd', '[
                    {"time": "2021-03-01 00:05Z", "open": 1.5, "high": 1.6, "low": 1.4, "close": 1.55, "volume": 7},
                    {"time": "2021-03-06 00:05Z", "open": 1.5, "high": 1.6, "low": 1.4, "close": 1.55, "volume": 7}]')
                """))
        .isEqualTo(1);
    assertThat(front.column("SELECT time FROM bqx.m1 WHERE close = 1.55"))
        .containsExactly("2021-03-01 00:05:00.0");
    assertThat(
            front.text(
                "SELECT (rate_index = close / baseline_rate * 100)::text FROM bqx.m1 JOIN bqx.baseline_rates USING (pair)"
                    + " WHERE close = 1.55"))
        .isEqualTo("true");
    List<String> changed = new ArrayList<>(digests(front));
    changed.removeAll(before);
    assertThat(changed).singleElement().asString().startsWith("m1 gbpusd ");
    front.execute("ROLLBACK");
    assertThat(digests(front)).isEqualTo(before);
  }

  @Test
  void aRollbackLeavesNothingAnywhere() throws SQLException {
    List<String> states = states(front);
    List<String> digests = digests(front);
    front.execute("BEGIN");
    front.execute("SELECT bqx.create_months('eurusd', '2021-05-01', '2021-05-01')");
    front.execute(
        "INSERT INTO bqx.m1 (pair, time, open, high, low, close) VALUES"
            + " ('eurusd', '2021-05-03 00:00Z', 1, 1, 1, 1), ('gbpusd', '2021-03-06 00:00Z', 1, 1, 1, 1)");
    front.execute("SELECT bqx.set_baseline('gbpusd', '2021-03-01')");
    front.execute("SELECT bqx.backfill('reg', 'gbpusd', '2021-03-01')");
    front.execute("SELECT bqx.backfill('xpair', 'eurusd', '2021-03-01')");
    assertThat(states(front)).isNotEqualTo(states);
    front.execute("ROLLBACK");
    assertThat(states(front)).isEqualTo(states);
    assertThat(digests(front)).isEqualTo(digests);
    try (SqlSession near = new SqlSession(connect(here, NEAR))) {
      assertThat(near.value("SELECT to_regclass('bqx.m1_eurusd_2021_05')")).isNull();
    }
  }

  @Test
  void theBitsOfBroughtBarsDependOnNoSettingOfTheSession() throws SQLException {
    for (SqlSession session : List.of(front, single)) {
      session.execute("BEGIN");
      session.execute(
          "SELECT bqx.replace_bars('gbpusd', '[{"
              + "\"time\": \"2021-03-01 00:05Z\", \"open\": 1, \"high\": 1.2, \"low\": 0.9, \"close\": 1.1}]')");
    }
    single.execute("SELECT bqx.backfill('xpair', 'eurusd', '2021-03-01')");
    // Its IST is read as Israel's time. By a function, since the driver insists on a DateStyle of
    // its own.
    front.execute(
        """
        CREATE FUNCTION pg_temp.backfill() RETURNS bigint LANGUAGE sql
        SET "TimeZone" = 'Asia/Kolkata' SET "DateStyle" = 'SQL, DMY' SET extra_float_digits = -15
        AS $$ SELECT bqx.backfill('xpair', 'eurusd', '2021-03-01') $$
        """);
    front.execute("SELECT pg_temp.backfill()");
    String rows =
        "SELECT md5(string_agg(md5(x::text), '' ORDER BY ts_utc)) FROM bqx.xpair x"
            + " WHERE pair = 'eurusd' AND ts_utc >= '2021-03-01Z'";
    String changed = single.text(rows);
    String brought = front.text(rows);
    for (SqlSession session : List.of(front, single)) {
      session.execute("ROLLBACK");
    }
    assertThat(brought).isEqualTo(changed).isNotEqualTo(single.text(rows));
  }

  @Test
  void errorsAreThoseOfASingleServer() throws SQLException {
    for (String call :
        List.of(
            "SELECT bqx.backfill('bqx', 'nowhere', '2021-03-01')",
            "SELECT bqx.backfill('none', 'eurusd', '2021-03-01')",
            "SELECT bqx.backfill('bqx', 'eurusd', '2030-01-01')",
            "SELECT bqx.backfill('bqx', 'eurusd', NULL)",
            "SELECT bqx.backfill('ccy', 'eurusd', '2021-03-01')",
            "SELECT bqx.set_baseline('gbpusd', '2030-01-01')",
            "SELECT bqx.set_baseline('gbpusd', 'infinity')",
            "SELECT bqx.verify('bqx', 'gbpusd', '2021-03-01', sample => -1)",
            "SELECT bqx.look_ahead('reg', 'gbpusd', '2030-01-01')",
            "SELECT bqx.correlate('w60_h60', 'gbpusd', '2021-03-01')",
            "SELECT bqx.add_pair('market')",
            "CALL bqx.backfill_range(NULL, NULL, '2030-01-01', '2030-01-01')",
            "INSERT INTO bqx.m1 (pair, time, close) VALUES ('gbpusd', '2021-03-01 00:05Z', 1)")) {
      assertThat(stateOfFailure(front, call)).as(call).isEqualTo(stateOfFailure(single, call));
    }
    assertThat(stateOfFailure(front, "SELECT bqx.set_baseline('usdcad')"))
        .isEqualTo("QX008 pair usdcad is on no node ./bqx node place NODE usdcad");
  }

  /** What waits on the node for a lock stands for what computes there. */
  @Test
  void whatEndsAStatementHereEndsItThere() throws Exception {
    String working =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'bqx front %' AND state = 'active'";
    try (SqlSession far = new SqlSession(connect(there, FAR))) {
      far.execute("BEGIN");
      far.execute("LOCK TABLE bqx.m1_month IN ACCESS EXCLUSIVE MODE");
      for (String end : List.of("cancel", "timeout", "terminate", "kill")) {
        SqlSession caller = new SqlSession(connect(here, FRONT));
        long pid = caller.number("SELECT pg_backend_pid()");
        if (end.equals("timeout")) {
          caller.execute("SET statement_timeout = '3s'");
        }
        FutureTask<String> call =
            new FutureTask<>(
                () -> {
                  try {
                    caller.execute("SELECT bqx.backfill('bqx', 'gbpusd', '2021-03-01', true)");
                    return "done";
                  } catch (SQLException e) {
                    return e.getSQLState();
                  }
                });
        new Thread(call, end).start();
        try (SqlSession watcher = new SqlSession(connect(there, FAR))) {
          watcher.await(1, working);
          switch (end) {
            case "cancel" -> front.execute("SELECT pg_cancel_backend(?::int)", pid);
            case "terminate" -> front.execute("SELECT pg_terminate_backend(?::int)", pid);
            case "kill" -> caller.connection().abort(Runnable::run);
            default -> assertThat(call.get()).isEqualTo("57014");
          }
          long ended = System.nanoTime();
          watcher.await(0, working);
          assertThat(System.nanoTime() - ended)
              .as(end)
              .isLessThan(TimeUnit.SECONDS.toNanos(END_LIMIT));
        }
        assertThat(call.get()).as(end).isNotEqualTo("done");
        caller.close();
      }
      far.execute("ROLLBACK");
    }
  }

  @Test
  void aNodeThatIsDownTakesNoOtherWithIt() throws Exception {
    List<String> states = states(front);
    front.execute("SELECT bqx.note_months()");
    front.execute(
        "SELECT bqx.replace_bars('eurusd', (SELECT jsonb_agg(m) FROM (SELECT time, open, high, low, close, 99 AS volume"
            + " FROM bqx.m1_eurusd WHERE time = '2021-03-01 12:00Z') m))");
    away.stop();
    try (SqlSession front = new SqlSession(connect(here, FRONT))) {
      assertThat(
              front.column(
                  "SELECT DISTINCT concat_ws(' ', pair, month, state, bars, sqlstate) FROM bqx.progress"
                      + " WHERE state = 'unreachable' AND reason LIKE 'node far: could not connect%' ORDER BY 1"))
          .containsExactly(
              "gbpusd 2021-02-01 unreachable 1440 08001",
              "gbpusd 2021-03-01 unreachable 1440 08001",
              "usdjpy 2021-02-01 unreachable 1440 08001",
              "usdjpy 2021-03-01 unreachable 1440 08001");
      assertThat(front.column("SELECT reachable::text FROM bqx.node_state ORDER BY node"))
          .containsExactly("false", "true");
      assertThat(front.column("SELECT node || ' ' || check_name FROM bqx.check_nodes()"))
          .containsExactly("far reachable");
      assertThat(front.number("SELECT count(*) FROM bqx.m1 WHERE pair = 'eurgbp'")).isEqualTo(2880);
      assertThat(stateOfFailure(front, "SELECT bqx.backfill('bqx', 'gbpusd', '2021-03-01')"))
          .startsWith("08001");
      assertThat(
              front.column(
                  "SELECT concat_ws(' ', pair, node, left(reason, 15)) FROM bqx.lost_pairs()"))
          .containsExactly("gbpusd far could not conne", "usdjpy far could not conne");
      assertThat(front.notices("SELECT bqx.measure_bars()"))
          .singleElement()
          .asString()
          .startsWith("not looked at: gbpusd usdjpy (node far: could not connect");
      assertThat(
              front.column(
                  "SELECT concat_ws(' ', kind, check_name, pair, left(found, 25)) FROM bqx.verify_range()"))
          .containsExactly(
              "warning pair not looked at gbpusd node far: could not conne",
              "warning pair not looked at usdjpy node far: could not conne",
              "warning gaps not told a node does not answer");
      assertThat(front.column("SELECT pair FROM bqx.verify_range(pairs => '{eurgbp,GBPUSD}')"))
          .containsExactly("gbpusd", null);

      // What reads bars of the node that is down is not computed without them.
      assertThat(
              stateOfFailure(
                  front, "CALL bqx.backfill_range(NULL, NULL, '2021-02-01', '2021-03-01')"))
          .startsWith("QX006");
      assertThat(
              front.column(
                  "SELECT concat_ws(' ', family, pair, state, sqlstate) FROM bqx.progress"
                      + " WHERE state NOT IN ('done', 'unreachable') ORDER BY 1"))
          .allSatisfy(
              state ->
                  assertThat(state).matches("(xpair|ccy|regime) \\w+ (stale|failed 0800[16])"));
      front.execute("SELECT bqx.record_failure('bqx', 'gbpusd', '2021-03-01', '08001', 'gone')");
    }
    there = away.start();
    try (SqlSession front = new SqlSession(connect(here, FRONT))) {
      front.execute("SELECT bqx.change_node('far', port => ?)", there.port());
      assertThat(
              front.column(
                  "SELECT concat_ws(' ', family, pair, month, reason, sqlstate) FROM bqx.progress"
                      + " WHERE state = 'failed' AND pair = 'gbpusd'"))
          .containsExactly("bqx gbpusd 2021-03-01 gone 08001");
      backfill(front);
      assertThat(states(front)).isEqualTo(states);
      front.execute(
          "SELECT bqx.replace_bars('eurusd', (SELECT jsonb_agg(m) FROM (SELECT time, open, high, low, close, 20 AS volume"
              + " FROM bqx.m1_eurusd WHERE time = '2021-03-01 12:00Z') m))");
      backfill(front);
    }
  }

  @Test
  void noBarKeepsAnIndexByTheBaselineBefore() throws Exception {
    // A set_baseline waits for who brings bars through the front.
    try (SqlSession bringer = new SqlSession(connect(here, FRONT));
        SqlSession setter = new SqlSession(connect(here, FRONT))) {
      bringer.execute("BEGIN");
      bringer.execute(
          "INSERT INTO bqx.m1 (pair, time, open, high, low, close) VALUES ('usdjpy', '2021-03-06 00:00Z', 1, 1, 1, 1)");
      FutureTask<Long> baseline =
          new FutureTask<>(
              () -> setter.number("SELECT (bqx.set_baseline('usdjpy', '2021-03-01') * 0)::int"));
      new Thread(baseline, "set_baseline").start();
      front.await(1, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
      bringer.execute("COMMIT");
      baseline.get();
      // And fails where bars came to the node itself since its transaction there began.
      for (String sql :
          List.of(
              "INSERT INTO bqx.m1 (pair, time, open, high, low, close) VALUES ('usdjpy', '2021-03-06 00:01Z', 1, 1, 1, 1)",
              "INSERT INTO bqx.m1 (pair, time, open, high, low, close) VALUES ('usdjpy', '2021-06-01 00:01Z', 1, 1, 1, 1)")) {
        setter.execute("BEGIN");
        setter.number("SELECT count(*) FROM bqx.m1_usdjpy");
        try (SqlSession far = new SqlSession(connect(there, FAR))) {
          far.execute("SELECT bqx.create_months('usdjpy', '2021-06-01', '2021-06-01')");
          far.execute(sql);
        }
        assertThat(stateOfFailure(setter, "SELECT bqx.set_baseline('usdjpy', '2021-02-01')"))
            .as(sql)
            .startsWith("40001");
        setter.execute("ROLLBACK");
      }
      assertThat(
              front.column(
                  "SELECT m.time FROM bqx.m1 m JOIN bqx.baseline_rates b USING (pair)"
                      + " WHERE m.rate_index IS DISTINCT FROM m.close / b.baseline_rate * 100"))
          .isEmpty();
    }
    try (SqlSession far = new SqlSession(connect(there, FAR))) {
      far.execute("DELETE FROM bqx.m1 WHERE pair = 'usdjpy' AND time >= '2021-03-06'");
      far.execute("DROP TABLE bqx.m1_usdjpy_2021_06");
      far.execute("DELETE FROM bqx.m1_month WHERE month = '2021-06-01'");
      far.execute("SELECT bqx.set_baseline('usdjpy')");
    }
    backfill(front);
  }

  @Test
  void aChangedRepeatableLeavesAFront() throws SQLException {
    String routines =
        "SELECT p.oid::regprocedure || md5(p.prosrc || coalesce(p.prosqlbody::text, '')) FROM pg_proc p"
            + " WHERE p.pronamespace = 'bqx'::regnamespace AND p.prosqlbody IS NULL ORDER BY 1";
    List<String> before = front.column(routines);
    List<String> digests = digests(front);
    int repeatables =
        (int)
            front.number(
                "SELECT count(*) FROM bqx.flyway_schema_history WHERE version IS NULL AND installed_rank > 0"
                    + " AND type = 'SQL'");
    front.execute(
        "UPDATE bqx.flyway_schema_history SET checksum = checksum + 1 WHERE version IS NULL");
    PinnedDataSource dataSource = new PinnedDataSource();
    dataSource.setURL(url(here, FRONT));
    // Nobody says that it is one.
    assertThat(Migrations.flyway(dataSource, Map.of()).migrate().migrationsExecuted)
        .isEqualTo(repeatables);
    assertThat(front.column(routines)).isEqualTo(before);
    assertThat(digests(front)).isEqualTo(digests);

    // Flyway's own programs read flyway.conf.
    Flyway plugin =
        Flyway.configure().configuration(Migrations.defaults()).dataSource(dataSource).load();
    assertThatThrownBy(plugin::migrate).hasMessageContaining("this database is a front");
    assertThatThrownBy(
            () ->
                Migrations.flyway(dataSource, Map.of("flyway.placeholders.engine", "client"))
                    .migrate())
        .hasMessageContaining("this database is a front");
    PinnedDataSource server = new PinnedDataSource();
    server.setURL(url(here, SINGLE));
    assertThatThrownBy(
            () ->
                Migrations.flyway(server, Map.of("flyway.placeholders.engine", "nodes")).migrate())
        .hasMessageContaining("is a server already");
    assertThat(front.column(routines)).isEqualTo(before);
  }

  /** What the table of roles says is tried by FrontRolesSecurityIT. */
  @Test
  void nobodyComesToANodeButByTheRoutines() throws SQLException {
    for (String role : List.of("bqx_reader", "bqx_runner")) {
      try (SqlSession session = new SqlSession(connect(here, FRONT))) {
        session.execute("SET SESSION AUTHORIZATION " + role);
        for (String sql :
            List.of(
                "INSERT INTO bqx.call_on_far (pair, routine) VALUES ('gbpusd', 'release_pair')",
                "SELECT bqx.call_node('far', 'release_pair', '{}', 'gbpusd')",
                "SELECT bqx.note_failure('bqx', 'gbpusd', '2021-03-01', '', '')",
                "CREATE FOREIGN TABLE bqx_mine (i int) SERVER bqx_far")) {
          assertThat(stateOfFailure(session, sql)).as(sql).startsWith("42501");
        }
        assertThat(
                session.column(
                    "SELECT umoptions::text FROM pg_user_mappings WHERE umoptions IS NOT NULL"))
            .isEmpty();
      }
    }
  }

  @Test
  void monthsAndPairsAreDroppedAsOnASingleServer() throws SQLException {
    List<String> states = states(front);
    List<String> digests = digests(front);
    for (String drop : List.of("drop_months('2021-03-15')", "remove_pair('GBPUSD')")) {
      List<List<String>> left = new ArrayList<>();
      for (SqlSession session : List.of(single, front)) {
        session.execute("BEGIN");
        List<String> gone =
            session.column(
                "SELECT concat_ws(' ', pair, before_month, bars, partitions, rows, bytes > 0) FROM bqx.%s ORDER BY 1"
                    .formatted(drop));
        assertThat(gone).as(drop).isNotEmpty();
        gone.addAll(
            session.column(
                "SELECT concat_ws(' ', family, pair, month, state, rows) FROM bqx.progress ORDER BY 1"));
        gone.addAll(session.column("SELECT pair || ' ' || kept_from FROM bqx.pair ORDER BY 1"));
        gone.addAll(
            session.column(
                "SELECT concat_ws(' ', pair, before_month, bars, rows, role_name = session_user) FROM bqx.removal"
                    + " WHERE removed_at >= now() ORDER BY 1"));
        gone.addAll(digests(session));
        left.add(gone);
        session.execute("ROLLBACK");
      }
      assertThat(left.get(1)).as(drop).isEqualTo(left.get(0));
      assertThat(states(front)).as(drop).isEqualTo(states);
      assertThat(digests(front)).as(drop).isEqualTo(digests);
    }
  }

  /** Also where the bars that are kept for the lookback come to a node only after that. */
  @Test
  void noNodeComputesMonthsThatWereDropped() throws SQLException {
    for (SqlSession session : List.of(single, front)) {
      session.execute("BEGIN");
      if (session == front) {
        front.execute("SELECT bqx.place_pairs('far', '{audusd}')");
      }
      bars(session, "audusd", FROM, TO);
      session.execute("SELECT bqx.set_baseline('audusd')");
      session.execute("SELECT bqx.drop_months('2021-03-01')");
      if (session == front) {
        front.execute("SELECT bqx.copy_pair('eurgbp', 'far')");
      }
      session.execute("SELECT bqx.backfill('ccy', 'market', '2021-03-01')");
      assertThat(
              session.column(
                  "SELECT DISTINCT pair || ' ' || month FROM bqx.progress"
                      + " WHERE pair IN ('audusd', 'eurgbp', 'market') ORDER BY 1"))
          .containsExactly("audusd 2021-03-01", "eurgbp 2021-03-01", "market 2021-03-01");
      assertThat(session.number("SELECT count(*) FROM bqx.m1 WHERE time < '2021-03-01Z'"))
          .isEqualTo(5 * 1440);
      session.execute("ROLLBACK");
    }
  }

  @Test
  void aPairComesAndGoesOnAllNodes() throws SQLException {
    List<String> states = states(front);
    List<String> digests = digests(front);
    try (SqlSession runner = new SqlSession(connect(here, FRONT));
        SqlSession far = new SqlSession(connect(there, FAR))) {
      runner.execute("SET SESSION AUTHORIZATION bqx_runner");
      assertThat(runner.text("SELECT bqx.add_pair('XAUNOK')")).isEqualTo("xaunok");
      assertThat(runner.notices("SELECT bqx.add_pair('xaunok')"))
          .containsExactly("pair xaunok is there already");
      assertThat(stateOfFailure(runner, "SELECT bqx.recount_bars('xaunok')")).startsWith("QX008");
      front.execute("SELECT bqx.place_pairs('far', '{xaunok}')");
      bars(runner, "xaunok", FROM, TO);
      runner.execute("SELECT bqx.set_baseline('xaunok')");
      runner.execute("SELECT bqx.backfill('bqx', 'xaunok', '2021-03-01')");
      assertThat(runner.number("SELECT count(*) FROM bqx.bqx WHERE pair = 'xaunok'"))
          .isEqualTo(1440);

      for (String pair : List.of("'XAUNOK'", "NULL")) {
        far.execute(
            "UPDATE bqx.m1_month SET bars = 7 WHERE pair = 'xaunok' AND month = '2021-03-01'");
        assertThat(runner.column("SELECT r::text FROM bqx.recount_bars(%s) r".formatted(pair)))
            .containsExactly("(xaunok,2021-03-01,7,1440)");
      }
      assertThat(stateOfFailure(runner, "SELECT bqx.remove_pair('xaunok')")).startsWith("42501");
      assertThat(stateOfFailure(runner, "SELECT bqx.drop_months('2021-03-01')"))
          .startsWith("42501");

      // Also where another node knows the pair no more, as after a call that was cut off.
      try (SqlSession near = new SqlSession(connect(here, NEAR))) {
        near.execute("SELECT bqx.remove_pair('xaunok')");
      }
      assertThat(
              front.text(
                  "SELECT concat_ws(' ', pair, bars, partitions, rows) FROM bqx.remove_pair('xaunok')"))
          .isEqualTo("xaunok 2880 1 1440");
      for (SqlSession session : List.of(front, far)) {
        assertThat(
                session.column(
                    "SELECT relname FROM pg_class WHERE relname LIKE '%xaunok%' UNION ALL"
                        + " SELECT pair FROM bqx.pair WHERE pair = 'xaunok'"))
            .isEmpty();
      }
      assertThat(front.column("SELECT check_name || pair FROM bqx.check_nodes()")).isEmpty();
      // Under a number that nobody has had, and on no node.
      long number = front.number("SELECT pair_no FROM bqx.removal WHERE pair = 'xaunok'");
      front.execute("SELECT bqx.add_pair('xaunok')");
      assertThat(front.number("SELECT pair_no FROM bqx.pair WHERE pair = 'xaunok'"))
          .isEqualTo(number + 1);
      front.execute("SELECT bqx.remove_pair('xaunok')");
      assertThat(front.column("SELECT check_name || pair FROM bqx.check_nodes()")).isEmpty();
    }
    // Counted anew, all bars are looked at, and found as they were.
    backfill(front);
    assertThat(states(front)).isEqualTo(states);
    assertThat(digests(front)).isEqualTo(digests);
  }

  /** Rolled back, since the node is another front's. */
  @Test
  void aNodeIsReachedByTlsAndKnownByItsCertificate() throws Exception {
    Path certificate = certify(away.data(), home.data());
    make(here, TLS_FRONT);
    try (SqlSession far = new SqlSession(connect(there, FAR));
        SqlSession front = new SqlSession(connect(here, TLS_FRONT))) {
      far.execute("ALTER SYSTEM SET ssl = on");
      far.execute("SELECT pg_reload_conf()");
      far.await(1, "SELECT count(*) FROM pg_settings WHERE name = 'ssl' AND setting = 'on'");
      String add = "SELECT bqx.add_node('far', ?, ?, 'far', password => ?, options => ?::jsonb)";
      front.execute("BEGIN");
      assertThatThrownBy(
              () ->
                  front.execute(
                      add,
                      there.host(),
                      there.port(),
                      PASSWORD,
                      "{\"sslmode\": \"verify-full\", \"sslrootcert\": \"/another\"}"))
          .hasMessageContaining("root certificate file \"/another\" does not exist");
      front.execute("ROLLBACK");
      front.execute("BEGIN");
      front.execute(
          add,
          there.host(),
          there.port(),
          PASSWORD,
          "{\"sslmode\": \"verify-full\", \"sslrootcert\": \"%s\"}".formatted(certificate));
      assertThat(
              far.column(
                  "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                      + " WHERE application_name LIKE 'bqx front tls_front %'"))
          .containsExactly("true");
      front.execute("ROLLBACK");
      far.execute("ALTER SYSTEM RESET ssl");
      far.execute("SELECT pg_reload_conf()");
    }
  }

  /**
   * Makes a server's key and certificate in its folder, and returns the latter's copy in another.
   */
  private static Path certify(Path server, Path client) throws Exception {
    char[] secret = "of the test".toCharArray();
    Path store = Files.createTempDirectory("bqx").resolve("keys");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-alias",
                "server",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-ext",
                "bc=ca:true",
                "-storetype",
                "PKCS12",
                "-storepass",
                String.valueOf(secret),
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), secret);
    Files.delete(store);
    Files.delete(store.getParent());
    byte[] certificate = keys.getCertificate("server").getEncoded();
    pem(server, "server.key", "PRIVATE KEY", keys.getKey("server", secret).getEncoded());
    pem(server, "server.crt", "CERTIFICATE", certificate);
    return pem(client, "node.crt", "CERTIFICATE", certificate);
  }

  private static Path pem(Path folder, String name, String kind, byte[] bytes) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(
        file,
        "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
            .formatted(kind, Base64.getMimeEncoder().encodeToString(bytes)));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.setOwner(file, Files.getOwner(folder));
    return file;
  }

  /**
   * Only pairs that are meant; nodes join, group and limit in time; no node is asked row by row.
   */
  @Test
  void queriesOfTheDocsAreLeftToTheNodes() throws SQLException, IOException {
    Matcher query =
        Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("../docs/scale.md")));
    // As autovacuum has done long before where bars come by the minute.
    for (Connection node : List.of(connect(here, NEAR), connect(there, FAR))) {
      try (SqlSession session = new SqlSession(node)) {
        session.execute("ANALYZE bqx.m1, bqx.bqx, bqx.reg");
      }
    }
    int queries = 0;
    while (query.find()) {
      String sql = query.group(1);
      queries++;
      String plan = String.join("\n", front.column("EXPLAIN (VERBOSE, COSTS OFF) " + sql));
      List<String> pairs = found("'([a-z]{6})'", sql);
      assertThat(found("\\bbqx\\.[a-z0-9]+_([a-z]{6})\\b", plan))
          .as(plan)
          .isEqualTo(
              pairs.isEmpty()
                  ? Stream.of(NEAR_PAIRS, FAR_PAIRS).flatMap(List::stream).sorted().toList()
                  : pairs);
      List<String> asked = plan.lines().filter(line -> line.contains("Remote SQL:")).toList();
      assertThat(asked).as(plan).isNotEmpty();
      for (String part : List.of("2021-", "GROUP BY", "avg(")) {
        if (sql.contains(part)) {
          assertThat(asked).as(part).allMatch(remote -> remote.contains(part));
        }
      }
      assertThat(plan).doesNotContain("Nested Loop", "Filter:", "Aggregate  ", "Seq Scan");
      assertThat(front.column(sql)).isNotEmpty().isEqualTo(single.column(sql));
    }
    assertThat(queries).isEqualTo(5);
  }

  /** What the pattern's group is in a text: sorted, each once. */
  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .distinct()
        .sorted()
        .toList();
  }

  @Test
  void aServerBecomesTheFirstNode() throws SQLException {
    make(here, GROWN_FRONT);
    try (SqlSession grown = new SqlSession(connect(here, GROWN_FRONT))) {
      addNode(grown, SINGLE, here);
      assertThat(states(grown)).isEqualTo(states(single));
      assertThat(grown.notices("CALL bqx.backfill_range(NULL, NULL, '2021-02-01', '2021-03-01')"))
          .anyMatch(notice -> notice.startsWith("0 partitions computed (0 rows), 130 done before"));
      assertThat(grown.column("SELECT check_name FROM bqx.check_nodes()")).isEmpty();
      assertThat(digests(grown)).isEqualTo(digests(single));
    }
  }

  @Test
  void aPairThatMovesHasTheSameBits() throws SQLException {
    List<String> states = states(front);
    List<String> digests = digests(front);
    for (String node : List.of(FAR, NEAR)) {
      front.execute("SET extra_float_digits = -15");
      front.execute("CALL bqx.move_pair('eurgbp', ?)", node);
      front.execute("RESET extra_float_digits");
      assertThat(front.text("SELECT node FROM bqx.pair_node WHERE pair = 'eurgbp'"))
          .isEqualTo(node);
      assertThat(front.column("SELECT check_name || pair FROM bqx.check_nodes()")).isEmpty();
      backfill(front);
      assertThat(states(front)).isEqualTo(states);
      assertThat(digests(front)).isEqualTo(digests);
    }
    try (SqlSession far = new SqlSession(connect(there, FAR))) {
      assertThat(
              far.column(
                  "SELECT relname FROM pg_class WHERE relname ~ '_eurgbp_2021' AND relnamespace = 'bqx'::regnamespace"))
          .isEmpty();
      assertThat(
              far.number("SELECT count(*) FROM bqx.partition_state WHERE pair = 'eurgbp'")
                  + far.number("SELECT count(*) FROM bqx.m1_month WHERE pair = 'eurgbp'")
                  + far.number("SELECT count(*) FROM bqx.baseline_rates WHERE pair = 'eurgbp'"))
          .isZero();
    }
  }
}
