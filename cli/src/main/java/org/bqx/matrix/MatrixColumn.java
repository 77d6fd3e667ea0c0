package org.bqx.matrix;

/**
 * A column of a matrix, as {@code bqx.matrix_column} lists it.
 *
 * @param position from 1, the same for every pair
 * @param name its name
 * @param type PostgreSQL's name of its type
 * @param role key, feature, target, target time or split
 * @param source where it is from, such as {@code bqx.w60_bqx_return}; null for what is no feature
 * @param family whose it is; null for keys and split, and for what the catalogue has no more
 * @param pair the related pair that it is of; null for the row's own
 * @param lag bars that it is earlier; null for none
 * @param unit such as ratio
 * @param lookback bars before the row that it needs; null for what is no feature
 * @param lowest smallest value; null for no numbers
 * @param highest greatest value; null for no numbers
 * @param nullable whether it can be NULL where the lookback is there
 * @param nullWhen when that is; null for never
 * @param description what it is
 */
public record MatrixColumn(
    int position,
    String name,
    String type,
    String role,
    String source,
    String family,
    String pair,
    Integer lag,
    String unit,
    Integer lookback,
    Double lowest,
    Double highest,
    boolean nullable,
    String nullWhen,
    String description) {
  static final String FEATURE = "feature";

  /** Returns whether it is a number that a model reads. */
  public boolean isFeature() {
    return role.equals(FEATURE);
  }
}
