package org.bqx.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The bars of one file {@code time,open,high,low,close,volume} of the folder BQX_REAL_BARS. */
final class RealPrices {

  private static final long SECONDS_A_MINUTE = 60;

  private final List<Instant> times = new ArrayList<>();
  private final List<double[]> prices = new ArrayList<>();
  private final double baseline;

  /**
   * @param baselineTime the close of the first bar at or after it has the index 100
   */
  RealPrices(Path file, Instant baselineTime) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
      reader.readLine();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] fields = line.split(",");
        times.add(Instant.parse(fields[0]));
        prices.add(Arrays.stream(fields).skip(1).mapToDouble(Double::parseDouble).toArray());
      }
    }
    baseline = prices.get(position(baselineTime))[3];
  }

  static Path directory() {
    return Path.of(System.getenv("BQX_REAL_BARS"));
  }

  int count() {
    return times.size();
  }

  /** The position of the first bar at or after a time, counted from 0. */
  int position(Instant time) {
    int position = 0;
    while (times.get(position).isBefore(time)) {
      position++;
    }
    return position;
  }

  /**
   * The bars {@code from ... to-1}.
   *
   * @param inputs names as the catalogue has them: x, o, h, l, volume, minute
   */
  Bars bars(int from, int to, String... inputs) {
    int count = to - from;
    double[] values = new double[inputs.length * count];
    for (int input = 0; input < inputs.length; input++) {
      for (int i = 0; i < count; i++) {
        values[input * count + i] = value(inputs[input], from + i);
      }
    }
    return new Bars(values, count);
  }

  private double value(String input, int bar) {
    double[] bars = prices.get(bar);
    return switch (input) {
      case "o" -> bars[0] / baseline * 100;
      case "h" -> bars[1] / baseline * 100;
      case "l" -> bars[2] / baseline * 100;
      case "x" -> bars[3] / baseline * 100;
      case "close" -> bars[3];
      case "volume" -> bars[4];
      case "minute" -> (double) times.get(bar).getEpochSecond() / SECONDS_A_MINUTE;
      default -> throw new IllegalArgumentException("there is no input " + input);
    };
  }
}
