package org.bqx.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CsvSinkTest {
  @Test
  void aFieldIsCountedFromTheEndOfItsLine() {
    byte[] line = "eurusd,,1.5,train\n".getBytes(StandardCharsets.US_ASCII);
    assertThat(CsvSink.field(line, 0)).isEqualTo("train");
    assertThat(CsvSink.field(line, 1)).isEqualTo("1.5");
    assertThat(CsvSink.field(line, 2)).isNull();
    assertThat(CsvSink.field(line, 3)).isEqualTo("eurusd");
    assertThat(CsvSink.field("1,\n".getBytes(StandardCharsets.US_ASCII), 0)).isNull();
  }
}
