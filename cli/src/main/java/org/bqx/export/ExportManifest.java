package org.bqx.export;

import java.time.YearMonth;
import java.util.List;
import java.util.Map;

/**
 * The files of an export, as {@code manifest.json} says it beside what is in their columns.
 *
 * @param name of the matrix, or those of the families
 * @param format parquet or csv
 * @param months what was exported, by pair and month
 * @param medianOfEvery how many rows for training there are to one that the medians are of
 * @param scalers of the columns of doubles, over the rows for training; empty without any
 */
record ExportManifest(
    String name, String format, List<Month> months, int medianOfEvery, List<Scaler> scalers) {
  /** The split of rows that no split takes. */
  static final String NONE = "none";

  /** The split whose rows the scalers are of. */
  static final String TRAIN = "train";

  /** The splits that rows can have. */
  static final List<String> SPLITS = List.of(TRAIN, "validation", "test");

  /**
   * A pair's month.
   *
   * @param source digest of the query and of what its rows were computed from
   * @param stale why its rows are not what their bars would give now, null when they are
   * @param rows how many rows it has, those that no file has among them
   * @param splits how many of them each split has, {@link #NONE} for none; null without splits
   */
  record Month(
      String pair,
      YearMonth month,
      String source,
      String stale,
      long rows,
      Map<String, Long> splits,
      List<Entry> files) {
    /** Returns this as it stands now with what its rows were computed from. */
    Month withStale(String now) {
      return new Month(pair, month, source, now, rows, splits, files);
    }

    boolean hasTrain() {
      return splits != null && splits.containsKey(TRAIN);
    }
  }

  /**
   * A file.
   *
   * @param file its path from the manifest's folder on
   * @param sha256 of its bytes
   */
  record Entry(String file, long rows, long bytes, String sha256) {}
}
