package org.bqx.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Bars of a file {@code time,open,high,low,close,volume}. */
record RealBars(long[] minutes, double[][] prices, double[] volume, double baseline) {

  /**
   * @param baselineTime the first bar from then on has the index 100
   */
  static RealBars read(Path file, Instant baselineTime) throws IOException {
    List<String> lines;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
      lines = reader.lines().skip(1).toList();
    }
    int count = lines.size();
    long[] minutes = new long[count];
    double[][] prices = new double[4][count];
    double[] volume = new double[count];
    double baseline = Double.NaN;
    for (int bar = 0; bar < count; bar++) {
      String[] fields = lines.get(bar).split(",");
      minutes[bar] = Instant.parse(fields[0]).getEpochSecond() / 60;
      for (int price = 0; price < 4; price++) {
        prices[price][bar] = Double.parseDouble(fields[1 + price]);
      }
      volume[bar] = Double.parseDouble(fields[5]);
      if (Double.isNaN(baseline) && minutes[bar] * 60 >= baselineTime.getEpochSecond()) {
        baseline = prices[3][bar];
      }
    }
    return new RealBars(minutes, prices, volume, baseline);
  }

  int count() {
    return minutes.length;
  }

  /**
   * The inputs by the names of {@link GoldenBars}; null if one of them is not in the file.
   *
   * @param from the first bar
   * @param to the bar after the last
   */
  Bars inputs(int from, int to, String... names) {
    double[] values = new double[names.length * (to - from)];
    for (int input = 0; input < names.length; input++) {
      for (int bar = from; bar < to; bar++) {
        double value =
            switch (names[input]) {
              case "rate_index" -> index(3, bar);
              case "open" -> index(0, bar);
              case "high" -> index(1, bar);
              case "low" -> index(2, bar);
              case "volume" -> volume[bar];
              case "time" -> minutes[bar];
              default -> Double.NaN;
            };
        values[input * (to - from) + bar - from] = value;
      }
    }
    return new Bars(values, to - from);
  }

  private double index(int price, int bar) {
    return prices[price][bar] / baseline * 100;
  }
}
