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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.bqx.reference.BqxReference;
import org.bqx.reference.RegReference;
import org.bqx.testkit.RealBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
    BQX {
      @Override
      double[] reference(double[] window, double current) {
        return BqxReference.metrics(window, current);
      }

      @Override
      double unit(int metric, int length) {
        return 1;
      }
    },
    REG {
      @Override
      double[] reference(double[] window, double current) {
        return RegReference.metrics(window, current);
      }

      @Override
      double unit(int metric, int length) {
        return metric == 0 ? Math.pow(length - 1, -2) : metric == 1 ? 1.0 / (length - 1) : 1;
      }
    };

    abstract double[] reference(double[] window, double current);

    /** What the absolute bound is counted in: a is per square bar, b per bar. */
    abstract double unit(int metric, int length);
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
    List<List<Object>> rows = sql.rows("SELECT * FROM bqx." + family + "_usdjpy ORDER BY ts_utc");
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

  @Test
  void theReferenceInTheDatabaseIsTheSame() throws SQLException {
    double[] window = Arrays.copyOfRange(rateIndex, 1000, 1060);
    double current = rateIndex[1060];
    assertThat(sql.value("SELECT bqx.bqx_reference(?, ?)", boxed(window), current))
        .isEqualTo(boxed(BqxReference.metrics(window, current)));
    assertThat(sql.value("SELECT bqx.reg_reference(?, ?)", boxed(window), current))
        .isEqualTo(boxed(RegReference.metrics(window, current)));
  }

  private static Double[] boxed(double[] values) {
    return Arrays.stream(values).boxed().toArray(Double[]::new);
  }

  private static String differences(List<Object> row, int bar, Family family) {
    if (row.size() != 57 || !row.get(2).equals(rateIndex[bar])) {
      return "bar " + bar + ": " + row.subList(0, 3);
    }
    for (int w = 0; w < WINDOWS.length; w++) {
      int length = WINDOWS[w];
      List<Object> stored = row.subList(3 + METRICS * w, 3 + METRICS * (w + 1));
      if (bar < length) {
        if (stored.stream().anyMatch(value -> value != null)) {
          return "bar " + bar + ", W " + length + ": not NULL";
        }
        continue;
      }
      double[] expected =
          family.reference(Arrays.copyOfRange(rateIndex, bar - length, bar), rateIndex[bar]);
      for (int m = 0; m < METRICS; m++) {
        double value = (Double) stored.get(m);
        double error = Math.abs(value - expected[m]);
        double bound = Math.max(1e-9 * Math.abs(expected[m]), 1e-11 * family.unit(m, length));
        // Not "error > bound", which is false for NaN.
        if (!(error <= bound)) {
          return "bar %d, W %d, metric %d: %s, expected %s"
              .formatted(bar, length, m, value, expected[m]);
        }
      }
    }
    return "";
  }
}
