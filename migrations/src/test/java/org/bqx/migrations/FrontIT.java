package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
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

/** A front and its nodes: what one server does, they do. */
@Tag("slow")
class FrontIT {
  private static final String PASSWORD = "a password of the front";
  private static final String FRONT = "front";
  private static final String NEAR = "near";
  private static final String FAR = "far";
  private static final String SINGLE = "single";

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
        database.equals(FRONT)
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
        node, address.host(), address.port(), node, PASSWORD);
  }

  /** Bars of a pair, with noise of its own. */
  private static void bars(SqlSession session, String pair, String from, String to)
      throws SQLException {
    session.execute(
        "SELECT bqx.create_months(?, bqx.month_of(?::timestamptz), bqx.month_of(?::timestamptz - interval '1 minute'))",
        pair, from, to);
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

  @Test
  void everyFamilyHasTheBitsOfASingleServer() throws SQLException {
    backfill(front);
    backfill(single);
    String states =
        "SELECT concat_ws(' ', family, pair, month, state, bars, rows) FROM bqx.progress ORDER BY 1";
    assertThat(front.column(states)).isEqualTo(single.column(states)).hasSizeGreaterThan(100);
    for (String family : front.column("SELECT family FROM bqx.feature ORDER BY family_no")) {
      String digests =
          "SELECT pair || ' ' || md5(string_agg(md5(f::text), '' ORDER BY ts_utc)) FROM bqx.%s f GROUP BY pair ORDER BY 1"
              .formatted(family);
      assertThat(front.column(digests)).as(family).isEqualTo(single.column(digests)).isNotEmpty();
    }
    assertThat(
            front.column(
                "SELECT concat_ws(' ', p.family, p.pair, v) FROM bqx.progress p,"
                    + " bqx.verify(p.family, p.pair, p.month, every_row => true) v WHERE v.kind <> 'fact'"))
        .isEmpty();
  }
}
