package org.bqx.export;

import java.time.YearMonth;
import java.util.List;
import org.bqx.matrix.Manifest;
import org.bqx.partition.Need;
import org.jooq.DSLContext;

/** What can be exported: rows of pairs, month by month. */
interface ExportSource {
  /** Returns what the manifest calls it. */
  String name();

  /** Returns the pairs, in alphabetical order. */
  List<String> pairs();

  /** Returns what is in the columns, for who reads the files. */
  Manifest manifest(DSLContext sql);

  /** Returns what the months of a pair are read from. */
  List<Need> needs(String pair);

  /** Returns the query of a pair's month, ordered by time. */
  String query(DSLContext sql, String pair, YearMonth month);

  /** Returns how many bars there are to the rows of a pair's month. */
  long rows(DSLContext sql, String pair, YearMonth month);
}
