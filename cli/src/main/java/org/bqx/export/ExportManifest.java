package org.bqx.export;

import java.time.YearMonth;
import java.util.List;
import java.util.Map;

/**
 * What lies in a folder, as {@code manifest.json} says it.
 *
 * @param schema of this text, 1
 * @param export the matrix's name, or those of the families
 * @param format parquet or csv
 * @param definition what was asked for, its columns among it
 * @param functions the revision of each family's functions
 * @param baselines the rate of each pair that is 100 index points
 * @param months what was exported, by pair and month
 * @param medianOfEvery how many rows for training there are to one that the medians are of
 * @param scalers of the columns of doubles, over the rows for training; empty without any
 */
record ExportManifest(
    int schema,
    String export,
    String format,
    Map<String, Object> definition,
    Map<String, String> functions,
    Map<String, Double> baselines,
    List<Month> months,
    int medianOfEvery,
    List<Scaler> scalers) {
  /** The split of rows that no split takes. */
  static final String NONE = "none";

  /** The split whose rows the scalers are of. */
  static final String TRAIN = "train";

  /** Returns the same with other months. */
  ExportManifest with(List<Month> others) {
    return new ExportManifest(
        schema,
        export,
        format,
        definition,
        functions,
        baselines,
        others,
        medianOfEvery,
        scalers);
  }

  /** Returns the same with scalers. */
  ExportManifest with(int every, List<Scaler> found) {
    return new ExportManifest(
        schema, export, format, definition, functions, baselines, months, every, found);
  }

  /**
   * A pair's month.
   *
   * @param source digest of what its rows were read from
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
