package org.bqx.export;

import static org.bqx.jooq.Tables.BASELINE_RATES;
import static org.bqx.jooq.Tables.FEATURE;
import static org.bqx.jooq.Tables.M1;

import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.jooq.Routines;
import org.bqx.matrix.Manifest;
import org.bqx.matrix.MatrixColumn;
import org.bqx.matrix.MatrixFact;
import org.bqx.matrix.MatrixStore;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** The rows of a matrix, as {@code bqx.matrix_query} gives them. */
final class MatrixSource implements ExportSource {
  private static final String TARGET_FAMILY = "bqx";

  /** Scales the target, where it is computed. */
  private static final String VOLATILITY_FAMILY = "rate";

  private final DSLContext sql;
  private final MatrixFact matrix;
  private final Manifest manifest;
  private final List<String> pairs;
  private final List<MatrixColumn> features;
  private final boolean hasVolatility;
  private final Map<String, OffsetDateTime> baselines;

  /**
   * @param store where the matrix is
   * @param wanted pairs, empty for all of the matrix
   * @throws Failure when the matrix does not exist, or has not one of the pairs
   */
  MatrixSource(DSLContext sql, MatrixStore store, String name, List<String> wanted) {
    this.sql = sql;
    matrix = store.require(name);
    manifest = store.manifest(matrix.name());
    features = store.columns(matrix.name()).stream().filter(MatrixColumn::isFeature).toList();
    for (String pair : wanted) {
      if (!matrix.pairs().contains(pair)) {
        throw new Failure(
            ExitCode.USAGE,
            "matrix \"%s\" has no pair \"%s\", but %s"
                .formatted(matrix.name(), pair, String.join(", ", matrix.pairs())),
            "./bqx matrix show " + matrix.name());
      }
    }
    pairs = (wanted.isEmpty() ? matrix.pairs() : wanted).stream().distinct().sorted().toList();
    hasVolatility =
        sql.fetchExists(
            FEATURE, FEATURE.FAMILY.eq(VOLATILITY_FAMILY).and(FEATURE.ENABLED.isTrue()));
    baselines =
        sql.select(BASELINE_RATES.PAIR, BASELINE_RATES.BASELINE_TIME)
            .from(BASELINE_RATES)
            .fetchMap(BASELINE_RATES.PAIR, BASELINE_RATES.BASELINE_TIME);
  }

  @Override
  public String name() {
    return matrix.name();
  }

  @Override
  public List<String> pairs() {
    return pairs;
  }

  @Override
  public Manifest manifest() {
    return manifest;
  }

  @Override
  public List<Need> needs(String pair) {
    Map<String, Integer> lags = new HashMap<>();
    Set<Need> needs = new LinkedHashSet<>();
    for (MatrixColumn column : features) {
      if (column.pair() == null) {
        lags.merge(column.family(), column.lag() == null ? 0 : column.lag(), Math::max);
      } else {
        // The last row before the month may stand for the first minutes of it.
        int before = matrix.relatedMaxAge() == null ? 0 : 1;
        needs.add(new Need(column.family(), column.pair(), before, 0));
      }
    }
    List<Need> all = new ArrayList<>();
    lags.forEach((family, lag) -> all.add(new Need(family, pair, lag, 0)));
    all.addAll(needs);
    if (matrix.targetWindow() != null) {
      all.add(new Need(TARGET_FAMILY, pair, 0, matrix.targetHorizon()));
      if (hasVolatility) {
        all.add(new Need(VOLATILITY_FAMILY, pair, 0, 0));
      }
    }
    return all;
  }

  @Override
  public String query(String pair, YearMonth month) {
    return Routines.matrixQuery(
        sql.configuration(),
        matrix.name(),
        pair,
        Times.start(month),
        Times.start(month.plusMonths(1)));
  }

  @Override
  public long rows(String pair, YearMonth month) {
    OffsetDateTime from =
        matrix.from() == null ? baselines.get(pair) : matrix.from().atOffset(ZoneOffset.UTC);
    Condition rows =
        M1.PAIR
            .eq(pair)
            .and(M1.TIME.ge(Times.start(month)))
            .and(M1.TIME.lt(Times.start(month.plusMonths(1))));
    if (from != null) {
      rows = rows.and(M1.TIME.ge(from));
    }
    if (matrix.to() != null) {
      rows = rows.and(M1.TIME.lt(matrix.to().atOffset(ZoneOffset.UTC)));
    }
    return sql.fetchCount(M1, rows);
  }
}
