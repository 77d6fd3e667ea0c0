package org.bqx.export;

import java.time.YearMonth;
import java.util.List;
import java.util.Map;

/** What can be exported: rows of pairs, month by month. */
interface ExportSource {
  /** Returns what the manifest calls it. */
  String name();

  /** Returns the pairs, in alphabetical order. */
  List<String> pairs();

  /** Returns for the manifest which rows these are, and what is in their columns. */
  Map<String, Object> definition();

  /** Returns what a month of a pair is read from. */
  Needs needs(String pair);

  /** Returns the query of a pair's month, ordered by time. */
  String query(String pair, YearMonth month);

  /** Returns how many rows that must give when its partitions are current, from the bars alone. */
  String count(String pair, YearMonth month);
}
