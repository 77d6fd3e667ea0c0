package org.bqx.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.bqx.kernel.Bars;
import org.bqx.kernel.Columns;
import org.bqx.kernel.Families;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Windows of a family can change: columns come and go, and what was computed becomes stale. */
class WindowsIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private SqlSession session;

  @BeforeEach
  void computeOnePair() throws SQLException {
    session = new SqlSession(database.connect());
    session.execute("DROP SCHEMA IF EXISTS bqx CASCADE");
    Migrated.migrate(database);
    Migrated.insertBars(session, "eurusd", "2024-07-30 00:00Z", "2024-08-02 00:00Z");
    session.execute("SELECT bqx.set_baseline('eurusd')");
    backfill();
  }

  @AfterEach
  void disconnect() throws SQLException {
    session.close();
  }

  @Test
  void addedWindowsMakeTheFamilyStaleAndTheNextBackfillFillsThem() throws SQLException {
    String old =
        "SELECT md5(string_agg(concat_ws(',', ts_utc, w60_bqx_return, w630_bqx_volatility), ';' ORDER BY ts_utc))"
            + " FROM bqx.bqx_eurusd";
    String before = session.text(old);
    session.execute(
        "SELECT bqx.define_family('bqx', windows => '{15,30,45,60,75,90,150,240,390,630}')");
    assertThat(states())
        .containsExactly(
            "bqx 2024-07-01 stale windows changed",
            "bqx 2024-08-01 stale windows changed",
            "reg 2024-07-01 done",
            "reg 2024-08-01 done");
    // Readers go on meanwhile.
    assertThat(session.text(old)).isEqualTo(before);
    assertThat(session.number("SELECT count(w15_bqx_return) FROM bqx.bqx")).isZero();

    backfill();
    assertThat(states()).allMatch(state -> state.endsWith("done"));
    assertThat(session.text(old)).isEqualTo(before);
    assertThat(session.number("SELECT count(*) FROM bqx.bqx WHERE w45_bqx_return IS NOT NULL"))
        .isEqualTo(session.number("SELECT count(*) - 45 FROM bqx.m1"));
    assertNoDifference("bqx");
  }

  @Test
  void removedWindowsTakeTheirColumnsAlong() throws SQLException {
    session.execute("SELECT bqx.define_family('reg', windows => '{7,60}')");
    assertThat(columns("reg")).hasSize(18).contains("w7_reg_a", "w60_reg_endpoint");
    assertThat(columns("reg_yhat")).containsExactly("w7_reg_yhat_end", "w60_reg_yhat_end");
    backfill();
    assertNoDifference("reg");
    assertThat(
            session.number(
                "SELECT count(*) FROM bqx.reg_yhat JOIN bqx.reg USING (pair, ts_utc)"
                    + " WHERE w7_reg_yhat_end = w7_reg_a_term + w7_reg_b_term + w7_reg_c"))
        .isEqualTo(session.number("SELECT count(*) - 7 FROM bqx.m1"));
    // Appending goes on with columns in another order than the catalogue's.
    Migrated.insertBars(session, "eurusd", "2024-08-02 00:00Z", "2024-08-02 00:05Z");
    assertThat(session.number("SELECT bqx.backfill('reg', 'eurusd', '2024-08-01')")).isEqualTo(5);
    assertNoDifference("reg");
  }

  @Test
  void aColumnThatSomebodyReadsIsNotDropped() throws SQLException {
    session.execute("CREATE VIEW public.mine AS SELECT w90_bqx_return FROM bqx.bqx");
    try {
      assertThatThrownBy(
              () -> session.execute("SELECT bqx.define_family('bqx', windows => '{60}')"))
          .hasMessageContaining("view public.mine depends on column w90_bqx_return");
      assertThat(columns("bqx")).hasSize(54);
      assertThat(states()).allMatch(state -> state.endsWith("done"));
    } finally {
      session.execute("DROP VIEW public.mine");
    }
  }

  @Test
  void windowsThatCannotBeAreRefused() {
    for (String windows : List.of("{1,60}", "{60,60}", "{90,60}", "{}", "{NULL,60}")) {
      assertThatThrownBy(
              () -> session.execute("SELECT bqx.define_family('bqx', ?::int[])", windows))
          .as(windows)
          .hasMessageContaining("must be ascending, from 2 bars on");
    }
    assertThatThrownBy(() -> session.execute("SELECT bqx.define_family('another')"))
        .hasMessageContaining("unknown family \"another\"");
  }

  @Test
  void nothingChangesWhereNothingIsAskedFor() throws SQLException {
    String objects =
        "SELECT md5(string_agg(oid || relname || relnatts || xmin, ';' ORDER BY oid)) FROM pg_class"
            + " WHERE relnamespace = 'bqx'::regnamespace AND relkind IN ('r', 'p')";
    String before = session.text(objects);
    session.execute("SELECT bqx.define_family(family) FROM bqx.feature WHERE enabled");
    assertThat(session.text(objects)).isEqualTo(before);
    assertThat(states()).allMatch(state -> state.endsWith("done"));
  }

  @Test
  void theCataloguesColumnsAreThoseOfTheJava() throws SQLException {
    for (String windows : List.of("{60,90,150,240,390,630}", "{4,5,6,7,8,9}", "{10}")) {
      session.execute(
          "UPDATE bqx.feature SET windows = ?::int[] WHERE cardinality(windows) > 0", windows);
      for (String family : session.column("SELECT family FROM bqx.feature")) {
        int[] lengths = {};
        if (Families.of(family).shortestWindow() > 0) {
          lengths =
              Stream.of(windows.replaceAll("[{}]", "").split(","))
                  .mapToInt(Integer::parseInt)
                  .toArray();
        }
        double[] values = new double[Families.of(family).inputs() * 2];
        Arrays.fill(values, 100);
        List<Columns> columns = Families.of(family).columns(new Bars(values, 2), lengths);
        assertThat(
                session.column(
                    "SELECT column_name || ' ' || needs || ' ' || ahead FROM bqx.feature_column"
                        + " WHERE family = ? ORDER BY element",
                    family))
            .isEqualTo(
                columns.stream()
                    .sorted(Comparator.comparingInt(Columns::needs))
                    .flatMap(
                        group ->
                            group.names().stream()
                                .map(name -> name + " " + group.needs() + " " + group.lookahead()))
                    .toList());
      }
    }
  }

  /**
   * The inputs of the catalogue are those of the Java, by its names for people, and windows as
   * short.
   */
  @Test
  void theCataloguesFamiliesAreThoseOfTheJava() throws SQLException {
    assertThat(session.column("SELECT family FROM bqx.feature"))
        .containsExactlyInAnyOrderElementsOf(Families.names());
    for (String family : Families.names()) {
      assertThat(
              session.text(
                  // Of the market's pairs there are as many as it has slots; of a pair's, any
                  // number.
                  "SELECT concat_ws(' ', cardinality(inputs) - ('related' = ANY (inputs))::int"
                      + " + CASE scope WHEN 'market' THEN (SELECT count(*) FROM bqx.related_pairs('market')) ELSE 0 END,"
                      + " coalesce(least_window, 0), windows = default_windows)"
                      + " FROM bqx.feature_definition JOIN bqx.feature USING (family) WHERE family = ?",
                  family))
          .as(family)
          .isEqualTo(
              Families.of(family).inputs() + " " + Families.of(family).shortestWindow() + " t");
      assertThat(
              session.column(
                  "SELECT CASE WHEN input IN ('o', 'h', 'l') THEN 'index of ' || d.name WHEN input = 'x' THEN 'rate_index'"
                      + " WHEN input IN ('bid', 'ask') THEN input || '_close' ELSE input END"
                      + " FROM bqx.feature_definition f, unnest(f.inputs) WITH ORDINALITY i (input, no)"
                      + " LEFT JOIN unnest('{open,high,low}'::text[]) d (name) ON left(d.name, 1) = input"
                      + " WHERE f.family = ? AND input <> 'related' ORDER BY i.no",
                  family))
          .as(family)
          .isEqualTo(Families.of(family).inputNames());
    }
  }

  @Test
  void everyColumnSaysWhatItIs() throws SQLException {
    assertThat(
            session.column(
                "SELECT attrelid::regclass || '.' || attname FROM pg_attribute"
                    + " WHERE attrelid IN ('bqx.bqx'::regclass, 'bqx.reg'::regclass, 'bqx.reg_yhat'::regclass)"
                    + " AND attnum > 3 AND NOT attisdropped AND col_description(attrelid, attnum) IS NULL"))
        .isEmpty();
    assertThat(
            session.text(
                "SELECT col_description('bqx.reg'::regclass, attnum) FROM pg_attribute"
                    + " WHERE attrelid = 'bqx.reg'::regclass AND attname = 'w60_reg_r2'"))
        .isEqualTo(
            "1 - SSres / SStot; 0 for a constant window (ratio); NULL in the first 60 rows of the history");
  }

  private void backfill() throws SQLException {
    session.execute("CALL bqx.backfill_range(NULL, NULL, '2024-07-01', '2024-08-01')");
  }

  private List<String> states() throws SQLException {
    return session.column(
        "SELECT concat_ws(' ', family, month, state, reason) FROM bqx.progress ORDER BY family, month");
  }

  private List<String> columns(String relation) throws SQLException {
    return session.column(
        "SELECT attname FROM pg_attribute WHERE attrelid = ('bqx.' || ?)::regclass AND attnum > 3"
            + " AND NOT attisdropped ORDER BY attnum",
        relation);
  }

  private void assertNoDifference(String family) throws SQLException {
    assertThat(
            session.column(
                "SELECT v::text FROM bqx.progress p, bqx.verify(p.family, p.pair, p.month, every_row => true) v"
                    + " WHERE p.family = ? AND v.kind <> 'fact'",
                family))
        .isEmpty();
  }
}
