package org.bqx.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bqx.failure.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class VerifyFactsTest {
  /** What the release before printed of a partition of reg, and one that could not be read. */
  private static final String OLDER =
      """
      {"schema":1,"verify":{"at":"2025-11-01T12:00:00Z","server":"127.0.0.1:5432, database quant",
      "sample":200,"full":true,"planned":2,"partitions":[
      {"partition":{"family":"reg","pair":"eurusd","month":"2024-07"},"facts":{"rows":"32998",
      "unique times":"32998","min index":"97.12345678901234","max index":"103","avg index":"100.5",
      "index outside band":"0","w60 NULLs":"540","w90 NULLs":"810","w60 avg r2":"0.6123456789012345",
      "w90 avg r2":"1e-05","rows against the reference":"213","rows computed again":"32998"},
      "warnings":[],"differences":[],"error":null},
      {"partition":{"family":"bqx","pair":"eurusd","month":"2024-07"},"facts":{"rows":"0",
      "unique times":"0","min index":null,"max index":null,"avg index":null,
      "index outside band":"0","w60 NULLs":null},
      "warnings":[],"differences":[{"check":"rows","family":"bqx","pair":"eurusd",
      "month":"2024-07","time":null,"column":null,"found":"0","expected":"32998"}],"error":"lost"}],
      "warnings":[],"differences":[],"stopped":false}}
      """;

  @Test
  void whatTheReleaseBeforePrintedIsRead(@TempDir Path folder) throws IOException {
    VerifyOutcome outcome = VerifyJson.read(Files.writeString(folder.resolve("v.json"), OLDER));
    assertThat(outcome.partitions().get(0).facts())
        .isEqualTo(
            new VerifyFacts(
                32998L,
                32998L,
                97.12345678901234,
                103.0,
                100.5,
                0L,
                Map.of("w60", 540L, "w90", 810L),
                Map.of("w60 avg r2", 0.6123456789012345, "w90 avg r2", 1e-5),
                213L,
                32998L));
    VerifyFacts empty = outcome.partitions().get(1).facts();
    assertThat(empty.rows()).isZero();
    assertThat(empty.minIndex()).isNull();
    assertThat(empty.nulls()).containsEntry("w60", null);
    assertThat(outcome.differenceCount()).isEqualTo(1);
  }

  @Test
  void itIsPrintedAsItWas(@TempDir Path folder) throws IOException {
    JsonMapper mapper = JsonMapper.builder().addModule(VerifyJson.module()).build();
    VerifyOutcome outcome = VerifyJson.read(Files.writeString(folder.resolve("v.json"), OLDER));
    // The same number, of which each of the two writes its own shortest text.
    String older = OLDER.replace("1e-05", "1.0E-5");
    assertThat(mapper.readTree(mapper.writeValueAsString(outcome)))
        .isEqualTo(mapper.readTree(older).get("verify"));
  }

  @Test
  void aFactThatIsNoNumberIsRefused(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("v.json"), OLDER.replace("\"540\"", "\"many\""));
    assertThatThrownBy(() -> VerifyJson.read(file))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("is not what verify --json prints");
  }

  @Test
  void namesAndTextsArePreserved() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("rows", "5");
    facts.put("unique times", "5");
    facts.put("min index", "Infinity");
    facts.put("max index", "NaN");
    facts.put("avg index", "0.000123456789");
    facts.put("index outside band", "1");
    facts.put("vol NULLs", "3");
    facts.put("avg spread", "-0.5");
    facts.put("rows against the reference", "2");
    VerifyFacts read = VerifyFacts.of(facts);
    assertThat(read.texts()).containsExactlyEntriesOf(facts);
    assertThat(read.averages()).containsOnlyKeys("avg spread");
    assertThat(List.of(VerifyFacts.NONE.texts())).containsExactly(Map.of());
  }
}
