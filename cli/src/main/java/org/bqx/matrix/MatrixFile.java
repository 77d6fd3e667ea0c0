package org.bqx.matrix;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.failure.GivenFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A matrix as a YAML file, and as options: the same names, the same texts.
 *
 * <pre>{@code
 * pairs: [eurusd, gbpusd]
 * columns: ['bqx.*', 'reg.w60_*']
 * related: [same]
 * related_columns: [bqx.w60_bqx_return]
 * lags: [60, 120]
 * target: w60_h60
 * train_until: 2024-06-01
 * validate_until: 2024-07-01
 * }</pre>
 *
 * @param pairs at least one, or {@code all}
 * @param columns patterns
 * @param related pairs, or {@code same}, or {@code all}
 * @param relatedColumns patterns
 * @param relatedMaxAge minutes
 * @param lags in bars
 * @param lagColumns patterns
 * @param target {@code w60_h60}, or {@code none}; null for w60_h60
 * @param from a day or an instant
 * @param to likewise, excluded
 * @param trainUntil likewise
 * @param validateUntil likewise
 * @param embargo bars
 */
public record MatrixFile(
    List<String> pairs,
    List<String> columns,
    List<String> related,
    List<String> relatedColumns,
    Integer relatedMaxAge,
    List<Integer> lags,
    List<String> lagColumns,
    String target,
    String from,
    String to,
    String trainUntil,
    String validateUntil,
    Integer embargo) {
  private static final Pattern TARGET = Pattern.compile("w(\\d{1,6})_h(\\d{1,6})");
  private static final String NO_TARGET = "none";
  private static final String USUAL_TARGET = "w60_h60";

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  /**
   * Reads a file.
   *
   * @throws Failure when it cannot be read, or says something else
   */
  public static MatrixFile read(Path file) {
    byte[] text = GivenFile.read(file);
    try {
      return YAML.readValue(text, MatrixFile.class);
    } catch (JacksonException malformed) {
      throw new Failure(
          ExitCode.USAGE,
          "%s does not define a matrix: %s".formatted(file, malformed.getOriginalMessage()),
          "see docs/train.md",
          malformed);
    }
  }

  /**
   * Returns what is asked for.
   *
   * @throws Failure when a target or a time is no such thing
   */
  public MatrixDefinition definition(String name) {
    Integer window = null;
    Integer horizon = null;
    String wanted = target == null ? USUAL_TARGET : target;
    if (!wanted.equals(NO_TARGET)) {
      Matcher parts = TARGET.matcher(wanted);
      if (!parts.matches()) {
        throw usage("target \"%s\" is not of the form w60_h60, nor none".formatted(wanted));
      }
      window = Integer.valueOf(parts.group(1));
      horizon = Integer.valueOf(parts.group(2));
    }
    return new MatrixDefinition(
        name,
        orEmpty(pairs),
        orEmpty(columns),
        orEmpty(related),
        orEmpty(relatedColumns),
        relatedMaxAge,
        lags == null ? List.of() : lags,
        lagColumns,
        window,
        horizon,
        time("from", from),
        time("to", to),
        time("train until", trainUntil),
        time("validate until", validateUntil),
        embargo);
  }

  private static Instant time(String what, String text) {
    if (text == null) {
      return null;
    }
    try {
      return text.length() > "2024-06-01".length()
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException malformed) {
      throw usage(
          "%s %s is neither a day, 2024-06-01, nor an instant, 2024-06-01T12:00:00Z"
              .formatted(what, text));
    }
  }

  private static List<String> orEmpty(List<String> texts) {
    return texts == null ? List.of() : texts;
  }

  private static Failure usage(String message) {
    return new Failure(ExitCode.USAGE, message, "see ./bqx matrix define --help");
  }
}
