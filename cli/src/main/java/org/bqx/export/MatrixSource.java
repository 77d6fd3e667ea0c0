package org.bqx.export;

import static org.bqx.jooq.Tables.BASELINE_RATES;
import static org.bqx.jooq.Tables.M1;

import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.jooq.Routines;
import org.bqx.matrix.Manifest;
import org.bqx.matrix.MatrixFact;
import org.bqx.matrix.MatrixNeeds;
import org.bqx.matrix.MatrixStore;
import org.bqx.partition.Need;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** The rows of a matrix, as {@code bqx.matrix_query} gives them. */
final class MatrixSource implements ExportSource {
  private final MatrixFact matrix;
  private final Manifest manifest;
  private final List<String> pairs;
  private final MatrixNeeds needs;
  private final Map<String, OffsetDateTime> baselines;

  /**
   * @param store where the matrix is
   * @param wanted pairs, empty for all of the matrix
   * @throws Failure when the matrix does not exist, or has not one of the pairs
   */
  MatrixSource(DSLContext sql, MatrixStore store, String name, List<String> wanted) {
    matrix = store.require(name);
    manifest = store.manifest(matrix.name());
    needs = store.needs(matrix);
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
  public Manifest manifest(DSLContext sql) {
    return manifest;
  }

  @Override
  public List<Need> needs(String pair) {
    return needs.of(pair);
  }

  @Override
  public String query(DSLContext sql, String pair, YearMonth month) {
    return Routines.matrixQuery(
        sql.configuration(),
        matrix.name(),
        pair,
        Times.start(month),
        Times.start(month.plusMonths(1)));
  }

  @Override
  public long rows(DSLContext sql, String pair, YearMonth month) {
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
