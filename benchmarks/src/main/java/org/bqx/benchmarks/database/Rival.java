package org.bqx.benchmarks.database;

import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import org.bqx.benchmarks.report.Measure;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;

/**
 * Another way to compute a partition's rows, into an equal table that then gets its key.
 *
 * <p>A family has those that there are resources of: {@code FAMILY_sql.sql} makes a function that
 * returns a query of window functions, {@code FAMILY_numpy.sql} one in PL/Python that gets the bars
 * as an array, computes whole columns with numpy, and returns rows.
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
    String windowFunctions = BenchDatabase.resourceOrNull(family + "_sql.sql");
    if (windowFunctions != null) {
      session.execute(windowFunctions);
      String select =
          session.text("SELECT bench.%s_sql('%s', '%s')".formatted(family, pair, month.atDay(1)));
      rivals.add(new Rival(session, family, Measure.SQL, select));
    }
    String numpy = BenchDatabase.resourceOrNull(family + "_numpy.sql");
    if (numpy != null && hasNumpy(session)) {
      String select = numpy(session, numpy, family, pair, month);
      rivals.add(new Rival(session, family, Measure.NUMPY, select));
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
   * itself or the tolerance that the catalogue gives its column.
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
                    column_name, tolerance), ' OR '))
            FROM bqx.feature_column
            WHERE family = '%1$s'"""
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

  private static boolean hasNumpy(Session session) throws SQLException {
    if (session.number("SELECT count(*) FROM pg_available_extensions WHERE name = 'plpython3u'")
        == 0) {
      return false;
    }
    session.execute("CREATE EXTENSION IF NOT EXISTS plpython3u");
    session.execute(BenchDatabase.resource("has_numpy.sql"));
    return session.text("SELECT bench.has_numpy()").equals("t");
  }

  private static String numpy(
      Session session, String function, String family, String pair, YearMonth month)
      throws SQLException {
    session.execute(
        session.text(
            """
            SELECT format('CREATE TYPE bench.%1$s_features AS (rate_index float8, %%s)',
                string_agg(format('%%I float8', column_name), ', ' ORDER BY element))
            FROM bqx.feature_column
            WHERE family = '%1$s'"""
                .formatted(family)));
    session.execute(function);
    return """
        SELECT '%2$s', features.*
        FROM bqx.read_source('%1$s', '%2$s', '%3$s') AS source,
            ROWS FROM (
                unnest(source.times[source.skip + 1:source.bars - source.tail]),
                bench.%1$s_numpy(source.inputs, source.windows, source.skip)) AS features"""
        .formatted(family, pair, month.atDay(1));
  }
}
