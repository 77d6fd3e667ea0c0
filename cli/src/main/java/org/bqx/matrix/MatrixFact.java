package org.bqx.matrix;

import java.time.Instant;
import java.util.List;

/**
 * A matrix as it was defined.
 *
 * @param name its name
 * @param pairs whose rows it has
 * @param columns how many columns
 * @param relatedPairs whose columns it has, too
 * @param lags in bars
 * @param relatedMaxAge minutes; null for the same minute alone
 * @param targetWindow bars; null for a matrix without a target
 * @param targetHorizon bars; null likewise
 * @param from first instant; null for each pair's baseline bar
 * @param to end, excluded; null for none
 * @param trainUntil end of what is for training
 * @param validateUntil end of what is for validation
 * @param embargo bars
 * @param createdBy the role
 * @param createdAt by the server's clock
 */
public record MatrixFact(
    String name,
    List<String> pairs,
    int columns,
    List<String> relatedPairs,
    List<Integer> lags,
    Integer relatedMaxAge,
    Integer targetWindow,
    Integer targetHorizon,
    Instant from,
    Instant to,
    Instant trainUntil,
    Instant validateUntil,
    int embargo,
    String createdBy,
    Instant createdAt) {
  /** Returns the target's name, null for a matrix without one. */
  public String target() {
    return targetWindow == null ? null : "w%d_target_h%d".formatted(targetWindow, targetHorizon);
  }
}
