package org.bqx.benchmarks.database;

import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.bqx.benchmarks.report.Measure;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;

/**
 * Another way to compute a partition's rows, into an equal table that then gets its key.
 *
 * <p>SQL window functions read the month's bars and the longest window's before them, in time order
 * by the index. PL/Python gets them as an array, computes whole columns with numpy, and returns
 * rows.
 */
final class Rival {
  private static final String TABLE = "bench.rival";

  private final Session session;
  private final String family;
  private final Measure measure;
  private final String select;

  private Rival(Session session, String family, Measure measure, String select) {
    this.session = session;
    this.family = family;
    this.measure = measure;
    this.select = select;
  }

  /**
   * Returns a family's rivals: those that the server has what it takes for.
   *
   * @param session where they run
   */
  static List<Rival> of(Session session, String family, String pair, YearMonth month)
      throws SQLException {
    List<Rival> rivals = new ArrayList<>();
    if (family.equals("bqx")) {
      rivals.add(
          new Rival(session, family, Measure.SQL, windowFunctions(session, family, pair, month)));
    }
    if (hasNumpy(session)) {
      rivals.add(new Rival(session, family, Measure.NUMPY, numpy(session, family, pair, month)));
    }
    return rivals;
  }

  Measure measure() {
    return measure;
  }

  /** Writes the rows: table, rows, key, commit. */
  void write() throws SQLException {
    session.execute(
        "BEGIN",
        "CREATE TABLE %s (LIKE bqx.%s)".formatted(TABLE, family),
        "INSERT INTO %s %s".formatted(TABLE, select),
        "ALTER TABLE %s ADD PRIMARY KEY (ts_utc)".formatted(TABLE),
        "COMMIT");
  }

  void removeWritten() throws SQLException {
    session.execute("DROP TABLE " + TABLE);
  }

  /**
   * Writes once and compares with what bqx has computed: the same rows, every value within 1e-9 of
   * itself or 1e-11, which for reg's a and b counts at the window's end.
   *
   * @throws Failure when a value differs
   */
  void check() throws SQLException {
    write();
    String differences =
        session.text(
            """
            SELECT format('SELECT count(*) FROM bench.rival r FULL JOIN bench.precomputed_%1$s p USING (ts_utc)
                WHERE r.ts_utc IS NULL OR p.ts_utc IS NULL OR r.pair <> p.pair OR r.rate_index <> p.rate_index OR %%s',
                string_agg(format('num_nulls(r.%%1$I, p.%%1$I) = 1 OR abs(r.%%1$I - p.%%1$I) > greatest(1e-9 * abs(p.%%1$I), %%2$s)',
                    column_name,
                    CASE metric
                        WHEN 'a' THEN 1e-11 / (window_length - 1) ^ 2
                        WHEN 'b' THEN 1e-11 / (window_length - 1)
                        ELSE 1e-11
                    END), ' OR '))
            FROM bqx.feature_columns('%1$s')"""
                .formatted(family));
    long different = session.number(differences);
    removeWritten();
    if (different > 0) {
      throw new Failure(
          ExitCode.DIFFERENT,
          "%s: %,d rows of family %s differ from those of bqx"
              .formatted(measure.label(), different, family),
          null);
    }
  }

  private static String windowFunctions(
      Session session, String family, String pair, YearMonth month) throws SQLException {
    List<Integer> windows = new ArrayList<>();
    for (List<String> row :
        session.rows(
            "SELECT unnest(windows) FROM bqx.feature WHERE family = '%s'".formatted(family))) {
      windows.add(Integer.valueOf(row.get(0)));
    }
    return """
        SELECT '%1$s', time, x%3$s
        FROM (
            SELECT time, rate_index AS x, row_number() OVER series AS bar%4$s
            FROM (
                (SELECT time, rate_index FROM bqx.m1_%1$s WHERE time < %2$s ORDER BY time DESC LIMIT %5$d)
                UNION ALL
                (SELECT time, rate_index FROM bqx.m1_%1$s WHERE time >= %2$s AND time < %6$s)
            ) AS bars
            WINDOW series AS (ORDER BY time)%7$s
        ) AS sums
        WHERE time >= %2$s"""
        .formatted(
            pair,
            start(month),
            windows.stream()
                .map(
                    w ->
                        """
                        ,
                            CASE WHEN bar > %1$d THEN (average%1$d - x) / x * %1$d END,
                            CASE WHEN bar > %1$d THEN (average%1$d - x) / x END,
                            CASE WHEN bar > %1$d THEN highest%1$d END,
                            CASE WHEN bar > %1$d THEN lowest%1$d END,
                            CASE WHEN bar > %1$d THEN average%1$d END,
                            CASE WHEN bar > %1$d THEN deviation%1$d END,
                            (first%1$d - x) / x,
                            CASE WHEN bar > %1$d THEN (highest%1$d - lowest%1$d) / x END,
                            CASE WHEN bar > %1$d THEN deviation%1$d / x END"""
                            .formatted(w))
                .collect(Collectors.joining()),
            windows.stream()
                .map(
                    w ->
                        """
                        ,
                            avg(rate_index) OVER w%1$d AS average%1$d, max(rate_index) OVER w%1$d AS highest%1$d,
                            min(rate_index) OVER w%1$d AS lowest%1$d, stddev_samp(rate_index) OVER w%1$d AS deviation%1$d,
                            lag(rate_index, %1$d) OVER series AS first%1$d"""
                            .formatted(w))
                .collect(Collectors.joining()),
            windows.get(windows.size() - 1),
            start(month.plusMonths(1)),
            windows.stream()
                .map(
                    w ->
                        ", w%1$d AS (series ROWS BETWEEN %1$d PRECEDING AND 1 PRECEDING)"
                            .formatted(w))
                .collect(Collectors.joining()));
  }

  private static String start(YearMonth month) {
    return "timestamptz '%s 00:00Z'".formatted(month.atDay(1));
  }

  private static boolean hasNumpy(Session session) throws SQLException {
    if (session.number("SELECT count(*) FROM pg_available_extensions WHERE name = 'plpython3u'")
        == 0) {
      return false;
    }
    session.execute("CREATE EXTENSION IF NOT EXISTS plpython3u");
    session.execute(BenchDatabase.resource("has_numpy.sql"));
    return session.text("SELECT bench.has_numpy()").equals("t");
  }

  private static String numpy(Session session, String family, String pair, YearMonth month)
      throws SQLException {
    session.execute(
        session.text(
            """
            SELECT format('CREATE TYPE bench.%1$s_features AS (rate_index float8, %%s)',
                string_agg(format('%%I float8', column_name), ', ' ORDER BY element))
            FROM bqx.feature_columns('%1$s')"""
                .formatted(family)));
    session.execute(BenchDatabase.resource(family + "_numpy.sql"));
    return """
        SELECT '%2$s', features.*
        FROM bqx.read_source('%1$s', '%2$s', '%3$s') AS source,
            ROWS FROM (
                unnest(source.times[source.skip + 1:]),
                bench.%1$s_numpy(source.indexes, source.windows, source.skip)) AS features"""
        .formatted(family, pair, month.atDay(1));
  }
}
