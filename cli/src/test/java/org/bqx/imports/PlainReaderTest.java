package org.bqx.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainReaderTest {
  /** 2024-07-05 12:30 UTC by {@code date -u -d ... +%s}. */
  private static final long JOBS_REPORT = 1720182600L;

  private static final Bar BAR = new Bar(JOBS_REPORT, 1.0812, 1.0842, 1.08, 1.0831, 120);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-07-05T12:30:00Z",
        "2024-07-05T12:30Z",
        "2024-07-05 12:30",
        "2024-07-05 12:30:00+00:00",
        "2024-07-05T12:30:00.000000000Z",
        "2024-07-05T08:30:00-04:00",
        "2024-07-05 18:00:00+05:30"
      })
  void readsIsoTimesAsUtcUnlessTheyNameAnOffset(String time) throws IOException {
    assertThat(read(time + ",1.0812,1.0842,1.0800,1.0831,120"))
        .containsExactly(new BarLine(1, BAR, null));
  }

  @Test
  void takesColumnsByTheHeadersNames() throws IOException {
    assertThat(
            read(
                "\uFEFFTime,Close,Spread,Open,High,Low,Volume\r\n"
                    + "\r\n"
                    + "2024-07-05T12:30Z,1.0831,9,1.0812,1.0842,1.08,120\r\n"))
        .containsExactly(new BarLine(3, BAR, null));
  }

  @Test
  void volumeMayBeMissing() throws IOException {
    assertThat(read("2024-07-05T12:30Z,1.0812,1.0842,1.08,1.0831").get(0).bar().volume()).isNaN();
    assertThat(read("2024-07-05T12:30Z,1.0812,1.0842,1.08,1.0831,").get(0).bar().volume()).isNaN();
  }

  @Test
  void aHeaderWithoutAColumnIsRefused() throws IOException {
    assertThat(read("time,open,high,close\n2024-07-05T12:30Z,1,1,1").get(0))
        .isEqualTo(new BarLine(1, null, "header has no column low"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "05.07.2024 12:30,1,1,1,1 | time \"05.07.2024 12:30\" is not ISO-8601",
        "2024-02-30T12:30Z,1,1,1,1 | time \"2024-02-30T12:30Z\" is not ISO-8601",
        "2024-07-05T12:30:00.5Z,1,1,1,1 | time is not on the minute",
        "2024-07-05T12:30Z,1,x,1,1 | high \"x\" is not a number",
        "2024-07-05T12:30Z,NaN,1,1,1 | open \"NaN\" is not a number",
        "2024-07-05T12:30Z,1,1,0x1p3,1 | low \"0x1p3\" is not a number",
        "2024-07-05T12:30Z,1,1,1,1d | close \"1d\" is not a number",
        "2024-07-05T12:30Z,1,1,1,1,many | volume \"many\" is not a number",
        "2024-07-05T12:30Z,1,1,1 | no close",
        "2024-07-05T12:30Z,1,1,1,'' | close \"\" is not a number"
      })
  void saysWhichLineIsNoBarAndWhy(String line, String defect) throws IOException {
    List<BarLine> lines =
        read(
            "2024-07-05T12:29Z,1,1,1,1\n" + line.replace("''", "") + "\n2024-07-05T12:31Z,1,1,1,1");
    assertThat(lines).hasSize(3);
    assertThat(lines.get(1)).isEqualTo(new BarLine(2, null, defect));
    assertThat(lines.get(2).bar()).isNotNull();
  }

  private static List<BarLine> read(String text) throws IOException {
    List<BarLine> lines = new ArrayList<>();
    try (PlainReader reader =
        new PlainReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))) {
      for (BarLine line = reader.next(); line != null; line = reader.next()) {
        lines.add(line);
      }
    }
    return lines;
  }
}
