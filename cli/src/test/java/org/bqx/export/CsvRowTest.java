package org.bqx.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRowTest {
  private final CsvRow row = new CsvRow(4);

  @Test
  void aLineIsItsFields() throws IOException {
    row.read(line("eurusd,,1.5,train\n"));
    assertThat(row.getText(0)).isEqualTo("eurusd");
    assertThat(row.isNull(1)).isTrue();
    assertThat(row.isNull(2)).isFalse();
    assertThat(row.getDouble(2)).isEqualTo(1.5);
    assertThat(row.getText(3)).isEqualTo("train");
    row.read(line("gbpusd,-1e-300,,\n"));
    assertThat(row.getDouble(1)).isEqualTo(-1e-300);
    assertThat(row.isNull(2)).isTrue();
    assertThat(row.isNull(3)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"eurusd,1,2\n", "eurusd,1,2,train,\n", "\n", ""})
  void aLineOfOtherFieldsIsRefused(String text) {
    assertThatThrownBy(() -> row.read(line(text)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not 4");
  }

  private static byte[] line(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
