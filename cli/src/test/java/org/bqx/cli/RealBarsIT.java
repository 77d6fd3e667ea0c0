package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.bqx.kernel.Bars;
import org.bqx.reference.References;
import org.bqx.testkit.RealBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The main job on 50,000 real bars of a yen pair: import, baseline, backfill, and then every metric
 * of every row against Commons Math on the closes of the file, read here without bqx.
 */
@RealBars.Required
class RealBarsIT {
  private static final int BARS = 50_000;
  private static final int[] WINDOWS = {60, 90, 150, 240, 390, 630};
  private static final int METRICS = 9;

  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  private static SqlSession sql;
  private static double[] rateIndex;

  private enum Family {
    BQX,
    REG;

    String sqlName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** What the absolute bound is counted in: of reg, a is per square bar, b per bar. */
    double unit(int metric, int length) {
      return this == REG && metric < 2 ? Math.pow(length - 1, metric - 2) : 1;
    }
  }

  @BeforeAll
  static void importAndBackfill() throws SQLException, IOException {
    Path file = RealBars.directory().resolve("usdjpy_2021.csv.gz");
    readFile(file);
    sql = new SqlSession(DATABASE.connect());
    assertThat(BQX.run("migrate").code()).isZero();
    assertThat(BQX.run("import", file.toString(), "--pair", "usdjpy").code()).isZero();
    sql.execute("SELECT bqx.set_baseline('usdjpy', '2021-02-01')");
    sql.execute("CALL bqx.backfill_range(NULL, ARRAY['usdjpy'], '2021-01-01', '2021-03-01')");
  }

  @AfterAll
  static void disconnect() throws SQLException {
    sql.close();
  }

  private static void readFile(Path file) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
      List<String[]> bars = lines.lines().skip(1).map(line -> line.split(",")).toList();
      OffsetDateTime baselineDate = OffsetDateTime.parse("2021-02-01T00:00:00Z");
      double baseline =
          bars.stream()
              .filter(bar -> !OffsetDateTime.parse(bar[0]).isBefore(baselineDate))
              .mapToDouble(bar -> Double.parseDouble(bar[4]))
              .findFirst()
              .orElseThrow();
      rateIndex =
          bars.stream().mapToDouble(bar -> Double.parseDouble(bar[4]) / baseline * 100).toArray();
    }
    assertThat(rateIndex).hasSize(BARS);
  }

  @ParameterizedTest
  @EnumSource
  void everyMetricOfEveryRowEqualsTheReference(Family family) throws SQLException {
    List<List<Object>> rows =
        sql.rows("SELECT * FROM bqx." + family.sqlName() + "_usdjpy ORDER BY ts_utc");
    assertThat(rows).hasSize(BARS);

    String differences =
        IntStream.range(0, BARS)
            .parallel()
            .mapToObj(bar -> differences(rows.get(bar), bar, family))
            .filter(difference -> !difference.isEmpty())
            .limit(10)
            .collect(Collectors.joining("\n"));
    assertThat(differences).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void theReferenceInTheDatabaseIsTheSame(Family family) throws SQLException {
    double[] bars = Arrays.copyOfRange(rateIndex, 0, 1000);
    assertThat(
            sql.value(
                "SELECT bqx.feature_reference(?, ?, 1000, '{60,90}', '{1000}')",
                family.sqlName(),
                boxed(bars)))
        .isEqualTo(
            boxed(
                References.of(family.sqlName())
                    .row(new Bars(bars, bars.length), 999, new int[] {60, 90})));
  }

  private static Double[] boxed(double[] values) {
    return Arrays.stream(values).boxed().toArray(Double[]::new);
  }

  private static String differences(List<Object> row, int bar, Family family) {
    if (row.size() != 57 || !row.get(2).equals(rateIndex[bar])) {
      return "bar " + bar + ": " + row.subList(0, 3);
    }
    double[] expected =
        References.of(family.sqlName()).row(new Bars(rateIndex, BARS), bar, WINDOWS);
    for (int w = 0; w < WINDOWS.length; w++) {
      int length = WINDOWS[w];
      List<Object> stored = row.subList(3 + METRICS * w, 3 + METRICS * (w + 1));
      if (bar < length) {
        if (stored.stream().anyMatch(value -> value != null)) {
          return "bar " + bar + ", W " + length + ": not NULL";
        }
        continue;
      }
      for (int m = 0; m < METRICS; m++) {
        double value = (Double) stored.get(m);
        double reference = expected[1 + METRICS * w + m];
        double error = Math.abs(value - reference);
        double bound = Math.max(1e-9 * Math.abs(reference), 1e-11 * family.unit(m, length));
        // Not "error > bound", which is false for NaN.
        if (!(error <= bound)) {
          return "bar %d, W %d, metric %d: %s, expected %s"
              .formatted(bar, length, m, value, reference);
        }
      }
    }
    return "";
  }
}
