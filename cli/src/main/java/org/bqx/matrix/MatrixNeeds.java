package org.bqx.matrix;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bqx.partition.Need;

/**
 * What a matrix's rows are read from. A column that the catalogue has no more is read from nothing.
 *
 * @param matrix the matrix
 * @param columns its columns
 * @param hasVolatility whether the family is computed by which the target is scaled
 */
public record MatrixNeeds(MatrixFact matrix, List<MatrixColumn> columns, boolean hasVolatility) {
  /** Scales the target, where it is computed. */
  static final String VOLATILITY_FAMILY = "rate";

  private static final String TARGET_FAMILY = "bqx";

  /** Copies the list. */
  public MatrixNeeds {
    columns = List.copyOf(columns);
  }

  /** Returns what the months of one of its pairs are read from. */
  public List<Need> of(String pair) {
    Map<String, Integer> lags = new HashMap<>();
    Set<Need> needs = new LinkedHashSet<>();
    for (MatrixColumn column : columns) {
      if (!column.isFeature() || column.family() == null) {
        continue;
      }
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

  /** Returns the families that any of its rows are read from, in alphabetical order. */
  public Set<String> families() {
    Set<String> families = new TreeSet<>();
    matrix.pairs().forEach(pair -> of(pair).forEach(need -> families.add(need.family())));
    return families;
  }
}
