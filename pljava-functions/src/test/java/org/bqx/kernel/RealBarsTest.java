package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.bqx.reference.BqxReference;
import org.bqx.reference.RegReference;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bars of the folder that BQX_REAL_BARS names: an absolute path to files {@code *.csv.gz}. */
@EnabledIfEnvironmentVariable(named = "BQX_REAL_BARS", matches = ".+")
class RealBarsTest {

  private static final int[] WINDOWS = {60, 90, 150, 240, 390, 630};
  private static final int BARS = 40_000;
  private static final int STEP = 29;

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getenv("BQX_REAL_BARS")))) {
      return files.filter(file -> file.toString().endsWith(".csv.gz")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void rowsAgreeWithCommonsMath(Path file) throws IOException {
    double[] values = rateIndexes(file);
    assertThat(values).hasSizeGreaterThan(10_000);
    Iterator<double[]> bqx = RollingRows.bqx(values, WINDOWS, 0);
    Iterator<double[]> reg = RollingRows.reg(values, WINDOWS, 0);
    for (int bar = 0; bar < values.length; bar++) {
      double[] bqxRow = bqx.next();
      double[] regRow = reg.next();
      for (int i = 0; i < WINDOWS.length && WINDOWS[i] <= bar && bar % STEP == 0; i++) {
        double[] window = Arrays.copyOfRange(values, bar - WINDOWS[i], bar);
        Bound.assertWithin(
            Bound.BQX,
            WINDOWS[i],
            Arrays.copyOfRange(bqxRow, 1 + 9 * i, 10 + 9 * i),
            BqxReference.metrics(window, values[bar]),
            "bar " + bar);
        Bound.assertWithin(
            Bound.REG,
            WINDOWS[i],
            Arrays.copyOfRange(regRow, 1 + 9 * i, 10 + 9 * i),
            RegReference.metrics(window, values[bar]),
            "bar " + bar);
      }
    }
  }

  /** The close, fifth field of {@code time,open,high,low,close,volume}, as an index from 100. */
  private static double[] rateIndexes(Path file) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
      double[] closes =
          reader
              .lines()
              .skip(1)
              .limit(BARS)
              .mapToDouble(line -> Double.parseDouble(line.split(",")[4]))
              .toArray();
      double baseline = closes[0];
      return Arrays.stream(closes).map(close -> close / baseline * 100).toArray();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
