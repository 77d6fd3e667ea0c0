package org.bqx.imports;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;

/**
 * How many bad rows a file may have.
 *
 * @param count rows, when {@code share} is NaN
 * @param share of the rows read, 0 to 1
 */
public record MaxRejects(long count, double share) {
  /** One in a thousand. */
  public static final MaxRejects USUAL = new MaxRejects(0, 0.001);

  /** None at all. */
  public static final MaxRejects NONE = new MaxRejects(0, Double.NaN);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,15})?) ?(%)?");

  /**
   * Returns what a person names: {@code 0.1%} of the rows, or {@code 5} rows.
   *
   * @throws Failure when it is neither
   */
  public static MaxRejects parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (matcher.matches()) {
      String number = matcher.group(1);
      if (matcher.group(2) != null && Double.parseDouble(number) <= 100) {
        return new MaxRejects(0, Double.parseDouble(number) / 100);
      }
      if (matcher.group(2) == null && number.indexOf('.') < 0) {
        return new MaxRejects(Long.parseLong(number), Double.NaN);
      }
    }
    throw new Failure(
        ExitCode.USAGE,
        "--max-rejects %s is neither a count nor a percentage".formatted(Printable.quoted(text)),
        "name rows, such as 5, or a share of them, such as 0.1%");
  }

  boolean isExceeded(long rejected, long read) {
    return rejected > (Double.isNaN(share) ? count : read * share);
  }

  @Override
  public String toString() {
    return Double.isNaN(share) ? Long.toString(count) : share * 100 + " %";
  }
}
