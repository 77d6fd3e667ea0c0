package org.bqx.cli;

import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.TypeConversionException;

/** Months as people type them: {@code YYYY-MM}. */
final class Months {
  private Months() {}

  static YearMonth parse(String text) {
    try {
      return YearMonth.parse(text);
    } catch (DateTimeParseException notAMonth) {
      throw new TypeConversionException("'%s' is not a month like 2024-07".formatted(text));
    }
  }
}
