package org.bqx.verify;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Figures of a partition that was verified. What is null was not looked at, or is of no row.
 *
 * @param rows rows in the partition
 * @param uniqueTimes different times among them
 * @param minIndex least {@code rate_index}
 * @param maxIndex greatest {@code rate_index}
 * @param avgIndex average {@code rate_index}
 * @param outsideBand rows whose {@code rate_index} is not where it is expected
 * @param nulls NULLs by what they are counted for: a window as {@code w60}, or the family where it
 *     has no windows
 * @param averages averages by the column's label, such as {@code w60 avg r2}
 * @param againstReference rows that met the reference
 * @param computedAgain rows that were computed again
 */
public record VerifyFacts(
    Long rows,
    Long uniqueTimes,
    Double minIndex,
    Double maxIndex,
    Double avgIndex,
    Long outsideBand,
    Map<String, Long> nulls,
    Map<String, Double> averages,
    Long againstReference,
    Long computedAgain) {
  /** Nothing is known. */
  public static final VerifyFacts NONE = of(Map.of());

  private static final String ROWS = "rows";
  private static final String UNIQUE_TIMES = "unique times";
  private static final String MIN_INDEX = "min index";
  private static final String MAX_INDEX = "max index";
  private static final String AVG_INDEX = "avg index";
  private static final String OUTSIDE_BAND = "index outside band";
  private static final String NULLS = " NULLs";
  private static final Pattern AVERAGE = Pattern.compile("(w\\d+ )?avg ");
  private static final String AGAINST_REFERENCE = "rows against the reference";
  private static final String COMPUTED_AGAIN = "rows computed again";

  /** Copies the maps. */
  public VerifyFacts {
    nulls = Collections.unmodifiableMap(new LinkedHashMap<>(nulls));
    averages = Collections.unmodifiableMap(new LinkedHashMap<>(averages));
  }

  /**
   * Returns the facts that {@code bqx.verify} gives these names. A name that this program does not
   * know is passed over.
   *
   * @throws NumberFormatException when one is no number
   */
  public static VerifyFacts of(Map<String, String> facts) {
    Map<String, Long> nulls = new LinkedHashMap<>();
    Map<String, Double> averages = new LinkedHashMap<>();
    facts.forEach(
        (name, value) -> {
          if (name.endsWith(NULLS)) {
            nulls.put(name.substring(0, name.length() - NULLS.length()), count(value));
          } else if (isAverage(name)) {
            averages.put(name, number(value));
          }
        });
    return new VerifyFacts(
        count(facts.get(ROWS)),
        count(facts.get(UNIQUE_TIMES)),
        number(facts.get(MIN_INDEX)),
        number(facts.get(MAX_INDEX)),
        number(facts.get(AVG_INDEX)),
        count(facts.get(OUTSIDE_BAND)),
        nulls,
        averages,
        count(facts.get(AGAINST_REFERENCE)),
        count(facts.get(COMPUTED_AGAIN)));
  }

  /** Returns the facts under the names that {@code bqx.verify} gives them, in its order. */
  public Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    if (rows != null) {
      texts.put(ROWS, rows.toString());
      texts.put(UNIQUE_TIMES, text(uniqueTimes));
      texts.put(MIN_INDEX, text(minIndex));
      texts.put(MAX_INDEX, text(maxIndex));
      texts.put(AVG_INDEX, text(avgIndex));
      texts.put(OUTSIDE_BAND, text(outsideBand));
    }
    nulls.forEach((label, count) -> texts.put(label + NULLS, text(count)));
    averages.forEach((label, average) -> texts.put(label, text(average)));
    if (againstReference != null) {
      texts.put(AGAINST_REFERENCE, text(againstReference));
    }
    if (computedAgain != null) {
      texts.put(COMPUTED_AGAIN, text(computedAgain));
    }
    return texts;
  }

  /** A column's average is called {@code w60 avg r2}, or {@code avg r2} where it has no window. */
  private static boolean isAverage(String name) {
    return !name.equals(AVG_INDEX) && AVERAGE.matcher(name).lookingAt();
  }

  private static Long count(String text) {
    return text == null ? null : Long.valueOf(text);
  }

  private static Double number(String text) {
    return text == null ? null : Double.valueOf(text);
  }

  private static String text(Long count) {
    return count == null ? null : count.toString();
  }

  /** Without an exponent where PostgreSQL writes none. */
  private static String text(Double number) {
    if (number == null || !Double.isFinite(number) || number == 0) {
      return number == null ? null : number == 0 ? "0" : number.toString();
    }
    double size = Math.abs(number);
    return size >= 1e-4 && size < 1e15
        ? new BigDecimal(number.toString()).stripTrailingZeros().toPlainString()
        : number.toString();
  }
}
