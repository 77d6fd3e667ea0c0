package org.bqx.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bqx.reference.Reference;
import org.bqx.reference.References;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Families over the bars of the folder that BQX_REAL_BARS names. Beside it, {@code
 * ../spec/expected} may hold what an independent program computed: a column a line, a bar a field.
 */
@EnabledIfEnvironmentVariable(named = "BQX_REAL_BARS", matches = ".+")
@Execution(ExecutionMode.CONCURRENT) // two minutes of arithmetic that shares nothing
class FeaturesOfRealBarsTest {

  private static final Instant BASELINE = Instant.parse("2021-02-01T00:00:00Z");

  /** Those over the close alone have tests of their own, and the market is no file. */
  static List<GoldenDigestTest.Golden> families() {
    return GoldenDigestTest.goldens().stream()
        .filter(golden -> !List.of("bqx", "reg", "ccy").contains(golden.family()))
        // What reads other pairs has its own test, which brings them.
        .filter(golden -> Families.of(golden.family()).inputsStep() == 0)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("families")
  void kernelAndReferenceHaveTheExpectedValues(GoldenDigestTest.Golden golden) throws IOException {
    int compared = 0;
    for (String pair : List.of("usdjpy", "gbpusd")) {
      Path expected = folder().resolve("../spec/expected/" + pair + "_2021_03.csv");
      assumeTrue(Files.exists(expected), "there is no file " + expected);
      compared += compare(golden, RealBars.read(file(pair), BASELINE), expected);
    }
    assumeTrue(compared > 0, "no values of family " + golden.family() + " are known");
  }

  private static int compare(GoldenDigestTest.Golden golden, RealBars real, Path expected)
      throws IOException {
    Bars bars = real.inputs(0, real.count(), golden.inputs());
    int[] windows = golden.windows()[0];
    Family family = Families.of(golden.family());
    List<String> names = names(family, bars, windows);
    Map<String, String[]> lines = new HashMap<>();
    for (String line : Files.readAllLines(expected)) {
      String[] fields = line.split(",", -1);
      lines.put(fields[0], fields);
    }
    String[] times = lines.get("column");
    int compared = 0;
    for (int i = 1; i < times.length; i++) {
      int bar = Arrays.binarySearch(real.minutes(), Instant.parse(times[i]).getEpochSecond() / 60);
      double[] kernel =
          new FamilyRows(family, bars, windows, bar, bars.count() - bar - 1).next().clone();
      double[] reference = References.of(golden.family()).row(bars, bar, windows);
      for (int column = 1; column < names.size(); column++) {
        String[] values = lines.get(names.get(column));
        if (values != null) {
          double value = values[i].isEmpty() ? Double.NaN : Double.parseDouble(values[i]);
          String where = pairOf(expected) + " " + times[i] + " ";
          assertNear(where + "kernel " + names.get(column), kernel[column], value);
          assertNear(where + "reference " + names.get(column), reference[column], value);
          compared++;
        }
      }
    }
    return compared;
  }

  private static void assertNear(String what, double actual, double expected) {
    assertThat(Bound.share(Bound.ABSOLUTE, actual, expected))
        .as("%s: %s, expected %s", what, actual, expected)
        .isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("families")
  void everyRowAgreesWithTheReference(GoldenDigestTest.Golden golden) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder())) {
      files = all.filter(file -> file.toString().endsWith(".csv.gz")).sorted().toList();
    }
    for (Path file : files) {
      RealBars real = RealBars.read(file, Instant.EPOCH);
      Bars bars = real.inputs(0, Math.min(real.count(), 20_000), golden.inputs());
      Family family = Families.of(golden.family());
      assertThat(family.defect(bars)).as("%s", file).isNull();
      int[] windows = golden.windows()[0];
      List<String> names = names(family, bars, windows);
      Reference reference = References.of(golden.family());
      FamilyRows rows = new FamilyRows(family, bars, windows, 0, 0);
      for (int bar = 0; bar < bars.count(); bar++) {
        Bound.assertWithin(
            names,
            column -> Bound.ABSOLUTE,
            rows.next(),
            reference.row(bars, bar, windows),
            file.getFileName() + ", bar " + bar);
      }
    }
  }

  private static List<String> names(Family family, Bars bars, int[] windows) {
    List<String> names = new ArrayList<>(List.of("rate_index"));
    family.columns(bars, windows).stream()
        .sorted((a, b) -> Integer.compare(a.needs(), b.needs()))
        .forEach(group -> names.addAll(group.names()));
    return names;
  }

  private static Path folder() {
    return Path.of(System.getenv("BQX_REAL_BARS"));
  }

  private static Path file(String pair) {
    return folder().resolve(pair + "_2021.csv.gz");
  }

  private static String pairOf(Path expected) {
    return expected.getFileName().toString().substring(0, 6);
  }
}
