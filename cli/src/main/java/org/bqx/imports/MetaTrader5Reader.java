package org.bqx.imports;

import java.io.InputStream;
import java.util.List;

/**
 * MetaTrader 5: columns between tabs, named {@code <DATE> <TIME> <OPEN> <HIGH> <LOW> <CLOSE>
 * <TICKVOL> …}. The volume is the number of ticks: brokers leave the other one zero.
 */
final class MetaTrader5Reader extends TextReader {
  private static final List<String> COLUMNS =
      List.of("<DATE>", "<TIME>", "<OPEN>", "<HIGH>", "<LOW>", "<CLOSE>", "<TICKVOL>");

  private final Zone zone;

  MetaTrader5Reader(InputStream in, Zone zone) {
    super(in, '\t');
    this.zone = zone;
  }

  @Override
  boolean isHeader(Row row) throws DefectException {
    if (!row.text(0).startsWith("<")) {
      return false;
    }
    for (int i = 0; i < COLUMNS.size(); i++) {
      if (!row.text(i).equals(COLUMNS.get(i))) {
        throw new DefectException("header has no column " + COLUMNS.get(i));
      }
    }
    return true;
  }

  @Override
  Bar bar(Row row) throws DefectException {
    return row.bar(zone.toEpochSecond(DottedReader.local(row.text(0), row.text(1))), 2, 6);
  }
}
