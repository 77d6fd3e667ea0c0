package org.bqx.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bqx.matrix.Manifest.Difference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manifest survives its file, and names what is not the same. */
class ManifestTest {
  private static final Instant TIME = Instant.parse("2024-07-01T00:00:00Z");

  @TempDir private Path folder;

  @Test
  void isReadAsItWasWritten() throws IOException {
    Manifest written = manifest("revision 1", "a", "b");
    Path file = Files.writeString(folder.resolve("manifest.json"), written.toJson());
    assertThat(Manifest.read(file)).isEqualTo(written);
    assertThat(Files.readString(file))
        .contains("\"schema\" : 1", "\"functions_versions\"", "\"train_until\"", "\"sha256\"");
    assertThat(written.differences(Manifest.read(file))).isEmpty();
  }

  /** The digest is of the lines that the class comment describes; sha256sum gave this one. */
  @Test
  void theDigestIsOfALineForEachColumn() {
    assertThat(manifest("revision 1", "a").sha256())
        .isEqualTo("a98e9f100a144bf9e880280cefc48e2f143021d28eaa259bc7322621f301c5df");
  }

  @Test
  void namesWhatIsMissingExtraMovedAndRetyped() {
    assertThat(
            manifest("revision 1", "a", "c", "d")
                .differences(manifest("revision 1", "a", "b", "c", "d")))
        .containsExactly(new Difference("column missing", "b", null, "position 2"));
    assertThat(manifest("revision 1", "a", "x", "b").differences(manifest("revision 1", "a", "b")))
        .containsExactly(new Difference("column extra", "x", "position 2", null));
    assertThat(
            manifest("revision 1", "b", "c", "d", "a")
                .differences(manifest("revision 1", "a", "b", "c", "d")))
        .containsExactly(new Difference("column moved", "a", "position 4", "position 1"));
    assertThat(manifest("revision 1", "a", "B").differences(manifest("revision 1", "a", "b")))
        .extracting(Difference::what)
        .containsExactly("column missing", "column extra");
    assertThat(manifest("revision 2", "a").differences(manifest("revision 1", "a")))
        .containsExactly(
            new Difference("functions version of bqx", null, "revision 2", "revision 1"));
    Manifest retyped =
        Manifest.of(
            "m",
            List.of(column(1, "a", 90)),
            Map.of(),
            Map.of("bqx", "revision 1"),
            Map.of("eurusd", new Manifest.Baseline(TIME, 1.25)),
            null,
            new Manifest.Splits(TIME, TIME, 60));
    assertThat(retyped.differences(manifest("revision 1", "a")))
        .extracting(Difference::what)
        .containsExactly("column retyped", "baseline of eurusd");
  }

  @Test
  void namesWhatADerivedColumnIsNoMoreMadeOf() throws IOException {
    Manifest other = derived(Map.of("derived.sum", "a + c"));
    assertThat(derived(Map.of("derived.sum", "a + b")).differences(other))
        .containsExactly(new Difference("expression of derived.sum", null, "a + b", "a + c"));
    // One of before does not say it.
    Path file = folder.resolve("manifest.json");
    Files.writeString(file, other.toJson().replaceFirst("(?s)\"derived\" : \\{.*?\\},", ""));
    assertThat(Manifest.read(file).derived()).isNull();
    assertThat(other.differences(Manifest.read(file))).isEmpty();
  }

  private static Manifest derived(Map<String, String> expressions) {
    return Manifest.of(
        "m", List.of(column(1, "a", 60)), expressions, Map.of(), Map.of(), null, null);
  }

  @Test
  void namesOfEarlierExportsAreRead() throws IOException {
    Manifest written = manifest("revision 1", "a", "b");
    Path file =
        Files.writeString(
            folder.resolve("manifest.json"),
            written
                .toJson()
                .replace("functions_versions", "functionsVersions")
                .replace("train_until", "trainUntil")
                .replace("validate_until", "validateUntil"));
    assertThat(Manifest.read(file)).isEqualTo(written);
  }

  @Test
  void aFileThatIsNoneIsRefused() throws IOException {
    Path file = folder.resolve("manifest.json");
    for (String text :
        List.of(
            "",
            "{}",
            "[1]",
            "{\"schema\": 2, \"columns\": [], \"functions_versions\": {}, \"baselines\": {}}")) {
      Files.writeString(file, text);
      assertThatThrownBy(() -> Manifest.read(file)).as(text).hasMessageContaining("manifest.json");
    }
    Files.writeString(file, manifest("revision 1", "a").toJson().replace("\"a\"", "\"b\""));
    assertThatThrownBy(() -> Manifest.read(file))
        .hasMessageContaining("columns that are not those of its sha256");
  }

  private static Manifest manifest(String version, String... names) {
    List<MatrixColumn> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(column(columns.size() + 1, name, 60));
    }
    return Manifest.of(
        "m",
        columns,
        Map.of(),
        Map.of("bqx", version),
        Map.of("eurusd", new Manifest.Baseline(TIME, 1.1)),
        null,
        new Manifest.Splits(TIME, TIME, 60));
  }

  private static MatrixColumn column(int position, String name, int lookback) {
    return new MatrixColumn(
        position,
        name,
        "double precision",
        "feature",
        "bqx." + name,
        "bqx",
        null,
        null,
        "ratio",
        lookback,
        -1.0,
        Double.POSITIVE_INFINITY,
        false,
        null,
        "a column");
  }
}
