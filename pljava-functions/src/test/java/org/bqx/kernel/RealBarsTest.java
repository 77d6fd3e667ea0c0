package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.bqx.reference.Reference;
import org.bqx.reference.References;
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
    Bars bars = new Bars(values, values.length);
    for (String family : List.of("bqx", "reg")) {
      assertRows(family, bars);
    }
  }

  private static void assertRows(String family, Bars bars) {
    Reference reference = References.of(family);
    List<String> names = new ArrayList<>(List.of("rate_index"));
    for (Columns columns : Families.of(family).columns(bars, WINDOWS)) {
      names.addAll(columns.names());
    }
    FamilyRows rows = new FamilyRows(Families.of(family), bars, WINDOWS, 0, 0);
    for (int bar = 0; bar < bars.count(); bar++) {
      double[] row = rows.next();
      if (bar % STEP == 0) {
        Bound.assertWithin(
            names, Bound::ofReg, row, reference.row(bars, bar, WINDOWS), "bar " + bar);
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
