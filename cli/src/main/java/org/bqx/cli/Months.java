package org.bqx.cli;

import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Months as people type them: {@code YYYY-MM}.
 *
 * <p>A class, as every implementation of picocli's interfaces here: a lambda of one keeps it, and
 * what stands on it, out of the launcher's archive of classes.
 */
final class Months implements ITypeConverter<YearMonth> {
  @Override
  public YearMonth convert(String text) {
    try {
      return YearMonth.parse(text);
    } catch (DateTimeParseException notAMonth) {
      throw new TypeConversionException("'%s' is not a month like 2024-07".formatted(text));
    }
  }
}
