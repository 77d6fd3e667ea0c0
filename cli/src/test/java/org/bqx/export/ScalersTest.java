package org.bqx.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.junit.jupiter.api.Test;

class ScalersTest {
  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private static final List<ExportColumn> COLUMNS =
      List.of(
          new ExportColumn("count", ColumnType.INTEGER), new ExportColumn("x", ColumnType.DOUBLE));

  @Test
  void medianAndMadAreOfEveryNthRowWhereRowsAreMany() throws IOException {
    Scalers scalers = new Scalers(COLUMNS, 1000, 100);
    assertThat(scalers.every()).isEqualTo(10);
    DescriptiveStatistics all = new DescriptiveStatistics();
    DescriptiveStatistics sampled = new DescriptiveStatistics();
    BinaryRow row = new BinaryRow(2);
    row.begin();
    for (int i = 0; i < 1000; i++) {
      double value = 1e6 + i * 7919 % 997 * 1e-3;
      row.read(message(i == 0, value));
      scalers.add(row);
      all.addValue(value);
      if (i % 10 == 0) {
        sampled.addValue(value);
      }
    }
    assertThat(scalers.scalers())
        .singleElement()
        .satisfies(
            scaler -> {
              assertThat(scaler.column()).isEqualTo("x");
              assertThat(scaler.rows()).isEqualTo(1000);
              assertThat(scaler.sampled()).isEqualTo(100);
              assertThat(scaler.mean()).isCloseTo(all.getMean(), within(1e-8));
              assertThat(scaler.sd()).isCloseTo(all.getStandardDeviation(), within(1e-9));
              assertThat(scaler.median()).isCloseTo(sampled.getPercentile(50), within(1e-9));
            });
  }

  @Test
  void whatHasNoValueHasNoScale() throws IOException {
    Scalers scalers = new Scalers(COLUMNS, 2);
    assertThat(scalers.scalers()).isEmpty();
    BinaryRow row = new BinaryRow(2);
    row.begin();
    row.read(message(true, Double.NaN));
    scalers.add(row);
    assertThat(scalers.scalers()).containsExactly(new Scaler("x", 0, null, null, 0, null, null));
  }

  /** A row of an integer and a double, NULL for NaN. */
  private static byte[] message(boolean first, double value) {
    ByteBuffer message = ByteBuffer.allocate(64);
    if (first) {
      message.put(HEADER);
    }
    message.putShort((short) 2).putInt(4).putInt(1);
    if (Double.isNaN(value)) {
      message.putInt(-1);
    } else {
      message.putInt(8).putDouble(value);
    }
    return Arrays.copyOf(message.array(), message.position());
  }
}
