package org.bqx.imports;

import de.siegmar.fastcsv.reader.CsvRecord;
import java.util.List;
import java.util.stream.IntStream;

/** One record of a text file, its fields asked for by position. */
record Row(CsvRecord record) {
  /** Returns a field without blanks and quotes around it, empty when the record ends before it. */
  String text(int position) {
    if (position < 0 || position >= record.getFieldCount()) {
      return "";
    }
    String text = record.getField(position).strip();
    boolean quoted = text.length() > 1 && text.charAt(0) == '"' && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1).strip() : text;
  }

  /** Returns all fields, likewise. */
  List<String> texts() {
    return IntStream.range(0, record.getFieldCount()).mapToObj(this::text).toList();
  }

  int size() {
    return record.getFieldCount();
  }

  /** Returns a field that has to be there. */
  String required(int position, String name) throws DefectException {
    if (position >= record.getFieldCount()) {
      throw new DefectException("no " + name);
    }
    return text(position);
  }

  double price(int position, String name) throws DefectException {
    return Decimal.parse(name, required(position, name));
  }

  /** Returns NaN where the field is empty or missing. */
  double volume(int position) throws DefectException {
    String text = text(position);
    return text.isEmpty() ? Double.NaN : Decimal.parse("volume", text);
  }

  /**
   * Returns a bar whose open, high, low and close stand side by side.
   *
   * @param time seconds since 1970-01-01 UTC
   * @param open position of the open
   * @param volume position of the volume
   */
  Bar bar(long time, int open, int volume) throws DefectException {
    return new Bar(
        time,
        price(open, "open"),
        price(open + 1, "high"),
        price(open + 2, "low"),
        price(open + 3, "close"),
        volume(volume));
  }
}
