package org.bqx.imports;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * The plain form {@code time,open,high,low,close[,volume]}: ISO-8601 times, UTC where they name no
 * offset. A header may name the columns, in any order and with others among them.
 */
public final class PlainReader implements BarReader {
  private static final List<String> COLUMNS =
      List.of("time", "open", "high", "low", "close", "volume");
  private static final int REQUIRED = 5;
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("['T'][' ']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffset("+HH:mm", "Z")
          .optionalEnd()
          .toFormatter(Locale.ROOT)
          // Lenient parsing makes 29 February of the 30th, in silence.
          .withResolverStyle(ResolverStyle.STRICT)
          .withChronology(IsoChronology.INSTANCE);

  private final CsvReader<CsvRecord> csv;
  private final Iterator<CsvRecord> records;
  private int[] positions = {0, 1, 2, 3, 4, 5};
  private boolean first = true;

  /** Reads UTF-8 text from {@code in}, which {@link #close} closes. */
  public PlainReader(InputStream in) {
    csv =
        CsvReader.builder()
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .skipEmptyLines(true)
            .detectBomHeader(true)
            .ofCsvRecord(in, StandardCharsets.UTF_8);
    records = csv.iterator();
  }

  @Override
  public BarLine next() throws IOException {
    try {
      if (!records.hasNext()) {
        return null;
      }
      CsvRecord record = records.next();
      if (first) {
        first = false;
        if (isHeader(record)) {
          String missing = locateColumns(record);
          return missing == null
              ? next()
              : BarLine.bad(record.getStartingLineNumber(), "header has no column " + missing);
        }
      }
      return parse(record);
    } catch (CsvParseException unreadable) {
      throw new IOException(unreadable.getMessage(), unreadable);
    } catch (java.io.UncheckedIOException unreadable) {
      throw unreadable.getCause();
    }
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }

  private static boolean isHeader(CsvRecord record) {
    String field = record.getField(0).strip();
    return !field.isEmpty() && Character.isLetter(field.charAt(0));
  }

  private String locateColumns(CsvRecord header) {
    List<String> names =
        header.getFields().stream().map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
    positions = COLUMNS.stream().mapToInt(names::indexOf).toArray();
    for (int i = 0; i < REQUIRED; i++) {
      if (positions[i] < 0) {
        return COLUMNS.get(i);
      }
    }
    return null;
  }

  private BarLine parse(CsvRecord record) {
    long line = record.getStartingLineNumber();
    for (int i = 0; i < REQUIRED; i++) {
      if (positions[i] >= record.getFieldCount()) {
        return BarLine.bad(line, "no " + COLUMNS.get(i));
      }
    }
    double[] numbers = new double[REQUIRED];
    for (int i = 1; i <= REQUIRED; i++) {
      String text = field(record, positions[i]);
      if (text.isEmpty() && i == REQUIRED) {
        numbers[i - 1] = Double.NaN;
        continue;
      }
      try {
        numbers[i - 1] = number(text);
      } catch (NumberFormatException notANumber) {
        return BarLine.bad(line, "%s \"%s\" is not a number".formatted(COLUMNS.get(i), text));
      }
    }
    String text = field(record, positions[0]);
    try {
      Instant time = time(text);
      if (time.getNano() != 0) {
        return BarLine.bad(line, "time is not on the minute");
      }
      return BarLine.of(
          line,
          new Bar(
              time.getEpochSecond(), numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]));
    } catch (DateTimeParseException notATime) {
      return BarLine.bad(line, "time \"%s\" is not ISO-8601".formatted(text));
    }
  }

  private static String field(CsvRecord record, int position) {
    return position < 0 || position >= record.getFieldCount()
        ? ""
        : record.getField(position).strip();
  }

  /** Refuses what Java reads as a number and nobody else does: NaN, hexadecimal, 1.0d. */
  private static double number(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && ".+-eE".indexOf(c) < 0) {
        throw new NumberFormatException(text);
      }
    }
    return Double.parseDouble(text);
  }

  private static Instant time(String text) {
    TemporalAccessor parsed = TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
    return parsed instanceof OffsetDateTime offset
        ? offset.toInstant()
        : ((LocalDateTime) parsed).toInstant(ZoneOffset.UTC);
  }
}
