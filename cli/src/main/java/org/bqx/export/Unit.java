package org.bqx.export;

import java.time.YearMonth;
import java.util.Locale;

/**
 * What is exported at a time.
 *
 * @param pair a pair
 * @param month its month
 */
record Unit(String pair, YearMonth month) {
  /** Returns the path of its file, for example {@code train/eurusd_2024_07.parquet}. */
  String file(ExportRequest request, String split) {
    String name =
        String.format(
            Locale.ROOT,
            "%s_%04d_%02d.%s",
            pair,
            month.getYear(),
            month.getMonthValue(),
            request.format());
    return request.splitFolders() ? split + "/" + name : name;
  }

  /** Returns for example {@code eurusd 2024-07}. */
  @Override
  public String toString() {
    return pair + " " + month;
  }
}
