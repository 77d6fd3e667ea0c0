package org.bqx.matrix;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bqx.digest.Digests;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.failure.GivenFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a model needs to know of the matrix that it was fitted on, so that another database, or a
 * later one, can be told to be the same: JSON of schema 1, names in snake_case.
 *
 * <p>{@code sha256} is of a line for each column, in order and each ended by a newline: position,
 * name, type, unit, family, lookback, lowest, highest, nullable, between tabs, {@code -} for null
 * and numbers as {@link Double#toString}. A range without an end has null there.
 *
 * <p>The manifests of exports once had their names in camelCase, which are read, too.
 *
 * @param schema 1
 * @param name the matrix
 * @param columns in the order of the rows, keys, target and split included
 * @param sha256 of the columns, in hexadecimal
 * @param derived SQL of each derived column, by its source; windows that a family gets or loses
 *     change it, and not its name. Null where the manifest is older than this
 * @param functionsVersions the revision of each family's functions
 * @param baselines of each pair whose columns there are
 * @param target null for a matrix without one
 * @param splits the ends of training and validation
 */
public record Manifest(
    int schema,
    String name,
    List<Column> columns,
    String sha256,
    Map<String, String> derived,
    Map<String, String> functionsVersions,
    Map<String, Baseline> baselines,
    Target target,
    Splits splits) {
  private static final int SCHEMA = 1;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  /** Of exports of before. */
  private static final JsonMapper CAMEL_CASE =
      JSON.rebuild().propertyNamingStrategy(PropertyNamingStrategies.LOWER_CAMEL_CASE).build();

  /** A column; see {@link MatrixColumn}. */
  public record Column(
      int position,
      String name,
      String type,
      String unit,
      String family,
      Integer lookback,
      Double lowest,
      Double highest,
      boolean nullable) {
    private String line() {
      return Stream.of(position, name, type, unit, family, lookback, lowest, highest, nullable)
              .map(value -> Objects.toString(value, "-"))
              .collect(Collectors.joining("\t"))
          + "\n";
    }

    /** Returns the column at another place. */
    private Column at(int other) {
      return new Column(other, name, type, unit, family, lookback, lowest, highest, nullable);
    }
  }

  /**
   * The bar whose index is 100.
   *
   * @param time its open
   * @param rate its close
   */
  public record Baseline(Instant time, double rate) {}

  /**
   * What is to be predicted.
   *
   * @param name its column
   * @param w window, in bars
   * @param h bars from a row to the bar that it is of
   */
  public record Target(String name, int w, int h) {}

  /**
   * Where training and validation end.
   *
   * @param trainUntil rows whose target is of a bar before this one are for training
   * @param validateUntil likewise for validation
   * @param embargo bars at the start of validation and test that are of no split
   */
  public record Splits(Instant trainUntil, Instant validateUntil, int embargo) {}

  /**
   * Something that is not the same.
   *
   * @param what such as {@code column missing}
   * @param column its name; null for what is no column
   * @param found what there is, null for nothing
   * @param expected what the other manifest has, null for nothing
   */
  public record Difference(String what, String column, String found, String expected) {}

  /** Copies what it is given. */
  public Manifest {
    columns = List.copyOf(columns);
    derived = derived == null ? null : new TreeMap<>(derived);
    functionsVersions = new TreeMap<>(functionsVersions);
    baselines = new TreeMap<>(baselines);
  }

  /** Returns the manifest of a matrix with these columns. */
  public static Manifest of(
      String name,
      List<MatrixColumn> matrixColumns,
      Map<String, String> derived,
      Map<String, String> functionsVersions,
      Map<String, Baseline> baselines,
      Target target,
      Splits splits) {
    List<Column> columns =
        matrixColumns.stream()
            .map(
                column ->
                    new Column(
                        column.position(),
                        column.name(),
                        column.type(),
                        column.unit(),
                        column.family(),
                        column.lookback(),
                        finite(column.lowest()),
                        finite(column.highest()),
                        column.nullable()))
            .toList();
    return new Manifest(
        SCHEMA,
        name,
        columns,
        digest(columns),
        derived,
        functionsVersions,
        baselines,
        target,
        splits);
  }

  /**
   * Reads a manifest; what else the file holds is passed over.
   *
   * @throws Failure when it cannot be read, holds no manifest of a schema that is known here, or
   *     one that was changed by hand
   */
  public static Manifest read(Path file) {
    byte[] text = GivenFile.read(file);
    Manifest manifest;
    try {
      JsonNode tree = JSON.readTree(text);
      manifest =
          (tree.has("functionsVersions") ? CAMEL_CASE : JSON).treeToValue(tree, Manifest.class);
    } catch (JacksonException | NullPointerException malformed) {
      throw noManifest(file, "holds no manifest", malformed);
    }
    if (manifest == null) {
      throw noManifest(file, "is empty", null);
    }
    if (manifest.schema != SCHEMA) {
      throw noManifest(file, "is of schema %d, known is 1".formatted(manifest.schema), null);
    }
    if (!digest(manifest.columns).equals(manifest.sha256)) {
      throw noManifest(file, "has columns that are not those of its sha256", null);
    }
    return manifest;
  }

  /** Returns it as JSON. */
  public String toJson() {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this);
  }

  /** Returns in what this one is not the expected one. */
  public List<Difference> differences(Manifest expected) {
    List<Difference> differences = new ArrayList<>();
    Map<String, Column> here = byName(columns);
    Map<String, Column> there = byName(expected.columns);
    for (Column column : expected.columns) {
      if (!here.containsKey(column.name)) {
        differences.add(
            new Difference("column missing", column.name, null, "position " + column.position));
      }
    }
    for (Column column : columns) {
      if (!there.containsKey(column.name)) {
        differences.add(
            new Difference("column extra", column.name, "position " + column.position, null));
      }
    }
    for (Column column : moved(there, here)) {
      differences.add(
          new Difference(
              "column moved",
              column.name,
              "position " + column.position,
              "position " + there.get(column.name).position));
    }
    for (Column column : columns) {
      Column other = there.get(column.name);
      if (other != null && !column.equals(other.at(column.position))) {
        differences.add(new Difference("column retyped", column.name, what(column), what(other)));
      }
    }
    if (expected.derived != null) {
      compare(differences, "expression", derived, expected.derived);
    }
    compare(differences, "functions version", functionsVersions, expected.functionsVersions);
    compare(differences, "baseline", baselines, expected.baselines);
    compare(
        differences,
        "target",
        Map.of("target", text(target)),
        Map.of("target", text(expected.target)));
    compare(
        differences,
        "splits",
        Map.of("splits", text(splits)),
        Map.of("splits", text(expected.splits)));
    return differences;
  }

  /**
   * Returns the fewest columns that must have moved: those outside a longest run of columns that
   * are in the same order in both. Not what has another position for a column before it that is
   * missing.
   */
  private List<Column> moved(Map<String, Column> there, Map<String, Column> here) {
    List<Column> common = columns.stream().filter(c -> there.containsKey(c.name)).toList();
    int[] length = new int[common.size()];
    int[] before = new int[common.size()];
    int last = -1;
    for (int i = 0; i < common.size(); i++) {
      length[i] = 1;
      before[i] = -1;
      for (int j = 0; j < i; j++) {
        if (length[j] >= length[i]
            && there.get(common.get(j).name).position < there.get(common.get(i).name).position) {
          length[i] = length[j] + 1;
          before[i] = j;
        }
      }
      if (last < 0 || length[i] > length[last]) {
        last = i;
      }
    }
    List<Column> moved = new ArrayList<>(common);
    for (int i = last; i >= 0; i = before[i]) {
      moved.remove(here.get(common.get(i).name));
    }
    return moved;
  }

  private static String what(Column column) {
    return "%s, %s, of %s, lookback %s, %s to %s%s"
        .formatted(
            column.type,
            column.unit,
            column.family,
            column.lookback,
            column.lowest,
            column.highest,
            column.nullable ? ", nullable" : "");
  }

  private static void compare(
      List<Difference> differences, String what, Map<String, ?> found, Map<String, ?> expected) {
    Stream.concat(found.keySet().stream(), expected.keySet().stream())
        .distinct()
        .sorted()
        .filter(name -> !Objects.equals(found.get(name), expected.get(name)))
        .forEach(
            name ->
                differences.add(
                    new Difference(
                        found.size() == 1 && name.equals(what) ? what : what + " of " + name,
                        null,
                        Objects.toString(found.get(name), null),
                        Objects.toString(expected.get(name), null))));
  }

  private static String text(Object value) {
    return Objects.toString(value, "none");
  }

  private static Map<String, Column> byName(List<Column> columns) {
    return columns.stream().collect(Collectors.toMap(Column::name, column -> column));
  }

  private static Double finite(Double value) {
    return value == null || value.isInfinite() ? null : value;
  }

  private static String digest(List<Column> columns) {
    return Digests.of(columns.stream().map(Column::line).collect(Collectors.joining()));
  }

  private static Failure noManifest(Path file, String what, Exception cause) {
    return new Failure(
        ExitCode.USAGE,
        "%s %s".formatted(file, what),
        "write one: ./bqx matrix show NAME --manifest > " + file,
        cause);
  }
}
