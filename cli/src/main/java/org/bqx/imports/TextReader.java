package org.bqx.imports;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.bqx.terminal.Quantity;

/**
 * What the readers of text share: records, line numbers, and defects where a record is no bar.
 *
 * <p>A record is one line. By the rules of CSV a quote that is not closed would make one of all the
 * lines that follow, so quotes are no business of the parser: {@link Row} takes them off.
 */
abstract class TextReader implements BarReader {
  /** Half a character, the second one, which no decoder puts at the begin of a field. */
  private static final char NO_QUOTE = '\udc00';

  /** What editors of old put at the end of a file. */
  private static final String DOS_END = "\u001a";

  private final String separator;
  private final CsvReader<CsvRecord> csv;
  private final Iterator<CsvRecord> records;
  private CsvRecord record;
  private List<String> header = List.of();
  private boolean first = true;

  /** Reads UTF-8, or what a byte order mark says, from {@code in}, which {@link #close} closes. */
  TextReader(InputStream in, char separator) {
    this.separator = String.valueOf(separator);
    csv =
        CsvReader.builder()
            .fieldSeparator(separator)
            .quoteCharacter(NO_QUOTE)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .skipEmptyLines(true)
            .detectBomHeader(true)
            .ofCsvRecord(in, StandardCharsets.UTF_8);
    records = csv.iterator();
  }

  /** Returns the bar of a record. */
  abstract Bar bar(Row row) throws DefectException;

  /** Reads the first record as a header; returns false, unless overridden: it is a bar. */
  boolean isHeader(Row row) throws DefectException {
    return false;
  }

  @Override
  public BarLine next() throws IOException {
    try {
      while (records.hasNext()) {
        record = records.next();
        Row row = new Row(record);
        if (record.getFieldCount() == 1 && record.getField(0).equals(DOS_END)) {
          continue;
        }
        boolean maybeHeader = first;
        first = false;
        try {
          if (maybeHeader && isHeader(row)) {
            header = record.getFields();
          } else if (!isHeaderAgain()) {
            requireNoMoreColumns(row);
            return BarLine.of(record.getStartingLineNumber(), bar(row));
          }
        } catch (DefectException defect) {
          long line = record.getStartingLineNumber();
          if (!TableLines.isHeader(record.getFields(), header, line)) {
            return BarLine.bad(line, defect.getMessage());
          }
        }
      }
      return null;
    } catch (CsvParseException unreadable) {
      throw new IOException(unreadable.getMessage(), unreadable);
    } catch (UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
  }

  /** Where a line's end is lost, the next bar stands behind columns that nobody reads. */
  private void requireNoMoreColumns(Row row) throws DefectException {
    int most = header.size();
    for (int i = most; most > 0 && i < row.size(); i++) {
      if (!row.text(i).isEmpty()) {
        throw new DefectException(
            "%s where the header has %d".formatted(Quantity.of(row.size(), "column"), most));
      }
    }
  }

  private boolean isHeaderAgain() {
    return !header.isEmpty()
        && record.getField(0).equals(header.get(0))
        && record.getFields().equals(header);
  }

  @Override
  public String text() {
    return record == null ? "" : String.join(separator, record.getFields());
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }

  static boolean startsWithLetter(String text) {
    return !text.isEmpty() && Character.isLetter(text.charAt(0));
  }
}
