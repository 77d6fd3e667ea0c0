package org.bqx.matrix;

import static org.bqx.jooq.Tables.BASELINE_RATES;
import static org.bqx.jooq.Tables.FEATURE;
import static org.bqx.jooq.Tables.MATRIX;
import static org.bqx.jooq.Tables.MATRIX_SOURCE;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.jooq.Routines;
import org.bqx.jooq.tables.records.MatrixRecord;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;

/** Defines matrices, lists them, and says what they are made of. */
public final class MatrixStore implements AutoCloseable {
  /** The columns that are made of those of several windows. */
  private static final String DERIVED = "derived";

  private final Connection connection;
  private final DSLContext sql;

  /** Connects to {@code database}. */
  public MatrixStore(Database database) {
    this(database.connect());
  }

  /** Reads on a connection, which it closes. */
  MatrixStore(Connection connection) {
    this.connection = connection;
    sql = Sql.on(connection);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /**
   * Defines a matrix.
   *
   * @param warned gets what the server warns of
   * @return how many columns it has
   */
  public int define(MatrixDefinition matrix, Consumer<String> warned) {
    ExecuteListener warnings =
        new ExecuteListener() {
          private static final long serialVersionUID = 1L;

          @Override
          public void warning(ExecuteContext executed) {
            for (SQLWarning warning = executed.sqlWarning();
                warning != null;
                warning = warning.getNextWarning()) {
              warned.accept(warning.getMessage());
            }
          }
        };
    return Routines.defineMatrix(
        new DefaultConfiguration()
            .set(sql.configuration().connectionProvider())
            .set(sql.dialect())
            .set(warnings),
        matrix.name(),
        matrix.pairs().toArray(String[]::new),
        matrix.columns().toArray(String[]::new),
        matrix.related().toArray(String[]::new),
        matrix.relatedColumns().toArray(String[]::new),
        matrix.relatedMaxAge(),
        matrix.lags().toArray(Integer[]::new),
        matrix.lagColumns() == null ? null : matrix.lagColumns().toArray(String[]::new),
        matrix.targetWindow(),
        matrix.targetHorizon(),
        time(matrix.from()),
        time(matrix.to()),
        time(matrix.trainUntil()),
        time(matrix.validateUntil()),
        matrix.embargo());
  }

  /** Drops a matrix, which has no rows of its own. */
  public void drop(String name) {
    Routines.dropMatrix(sql.configuration(), require(name).name());
  }

  /** Returns the matrices by name. */
  public List<MatrixFact> list() {
    return sql.selectFrom(MATRIX).orderBy(MATRIX.NAME).fetch(this::fact);
  }

  /**
   * Returns a matrix.
   *
   * @throws Failure when it does not exist
   */
  public MatrixFact require(String name) {
    MatrixRecord found =
        sql.selectFrom(MATRIX).where(MATRIX.NAME.eq(name.toLowerCase(Locale.ROOT))).fetchOne();
    if (found == null) {
      throw new Failure(
          ExitCode.USAGE,
          "matrix \"%s\" does not exist".formatted(name),
          "list what exists: ./bqx matrix list");
    }
    return fact(found);
  }

  private MatrixFact fact(MatrixRecord row) {
    int columns =
        sql.fetchSingle("SELECT count(*)::int FROM bqx.matrix_column({0})", DSL.val(row.getName()))
            .into(int.class);
    return new MatrixFact(
        row.getName(),
        Arrays.asList(row.getPairs()),
        columns,
        Arrays.asList(row.getRelatedPairs()),
        Arrays.asList(row.getLags()),
        row.getRelatedMaxAge(),
        row.getTargetW(),
        row.getTargetH(),
        instant(row.getFromTime()),
        instant(row.getToTime()),
        instant(row.getTrainUntil()),
        instant(row.getValidateUntil()),
        row.getEmbargo(),
        row.getRoleName(),
        instant(row.getCreatedAt()));
  }

  /** Returns a matrix's columns in the order of its rows. */
  public List<MatrixColumn> columns(String name) {
    return sql.fetch(
            """
            SELECT "position", column_name AS name, data_type AS type, role, source_name AS source, family, pair, lag,
                unit, lookback, lowest, highest, nullable, null_when, description
            FROM bqx.matrix_column({0})
            ORDER BY 1
            """,
            DSL.val(name))
        .into(MatrixColumn.class);
  }

  /** Returns what a matrix would be better off without, as things are now. */
  public List<String> warnings(String name) {
    return sql.selectFrom(Routines.matrixWarnings(name)).fetch(row -> row.getMessage());
  }

  /** Returns what a matrix's rows are read from. */
  public MatrixNeeds needs(MatrixFact matrix) {
    boolean hasVolatility =
        sql.fetchExists(
            FEATURE,
            FEATURE.FAMILY.eq(MatrixNeeds.VOLATILITY_FAMILY).and(FEATURE.ENABLED.isTrue()));
    return new MatrixNeeds(matrix, columns(matrix.name()), hasVolatility);
  }

  /** Returns what a model needs to know of a matrix. */
  public Manifest manifest(String name) {
    MatrixFact matrix = require(name);
    MatrixNeeds needs = needs(matrix);
    List<MatrixColumn> columns = needs.columns();
    Set<String> pairs = new HashSet<>(matrix.pairs());
    columns.forEach(column -> pairs.add(column.pair()));
    Map<String, String> derived =
        sql.select(MATRIX_SOURCE.SOURCE_NAME, MATRIX_SOURCE.EXPRESSION)
            .from(MATRIX_SOURCE)
            .where(MATRIX_SOURCE.SOURCE_GROUP.eq(DERIVED))
            .and(MATRIX_SOURCE.SOURCE_NAME.in(columns.stream().map(MatrixColumn::source).toList()))
            .fetchMap(MATRIX_SOURCE.SOURCE_NAME, MATRIX_SOURCE.EXPRESSION);
    return manifest(
        sql,
        matrix.name(),
        columns,
        derived,
        needs.families(),
        pairs,
        matrix.target() == null
            ? null
            : new Manifest.Target(matrix.target(), matrix.targetWindow(), matrix.targetHorizon()),
        new Manifest.Splits(matrix.trainUntil(), matrix.validateUntil(), matrix.embargo()));
  }

  /** Returns the manifest of rows that are of these families and pairs. */
  public static Manifest manifest(
      DSLContext sql,
      String name,
      List<MatrixColumn> columns,
      Map<String, String> derived,
      Collection<String> families,
      Collection<String> pairs,
      Manifest.Target target,
      Manifest.Splits splits) {
    Map<String, String> versions =
        sql.select(FEATURE.FAMILY, DSL.coalesce(FEATURE.FUNCTIONS_VERSION, "none"))
            .from(FEATURE)
            .where(FEATURE.FAMILY.in(families))
            .fetchMap(row -> row.value1(), row -> row.value2());
    Map<String, Manifest.Baseline> baselines =
        sql.select(BASELINE_RATES.PAIR, BASELINE_RATES.BASELINE_TIME, BASELINE_RATES.BASELINE_RATE)
            .from(BASELINE_RATES)
            .where(BASELINE_RATES.PAIR.in(pairs))
            .fetchMap(
                row -> row.value1(),
                row -> new Manifest.Baseline(row.value2().toInstant(), row.value3()));
    return Manifest.of(name, columns, derived, versions, baselines, target, splits);
  }

  private static OffsetDateTime time(Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  private static Instant instant(OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
