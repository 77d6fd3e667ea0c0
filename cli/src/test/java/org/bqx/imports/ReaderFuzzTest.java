package org.bqx.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.bqx.failure.Failure;

/**
 * Files with random damage: a reader ends, gives each line once, as a bar or as a reject with its
 * number, and throws nothing but what an import reports.
 */
class ReaderFuzzTest {
  private static final int LINES = 12;

  /** A file of each format: a header or none, and a line of the minute that stands for %1$02d. */
  private static final Map<BarFormat, String> FILES =
      Map.of(
          BarFormat.HISTDATA_ASCII,
          "20240705 08%1$02d00;1.0812;1.0842;1.08;1.0831;0",
          BarFormat.MT4,
          "2024.07.05,15:%1$02d,1.0812,1.0842,1.08,1.0831,120",
          BarFormat.MT5,
          "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n"
              + "2024.07.05\t15:%1$02d:00\t1.0812\t1.0842\t1.08\t1.0831\t120\t7\t9",
          BarFormat.DUKASCOPY,
          "Gmt time,Open,High,Low,Close,Volume\n"
              + "05.07.2024 12:%1$02d:00.000,1.0812,1.0842,1.08,1.0831,120",
          BarFormat.DUKASCOPY_NODE,
          "timestamp,open,high,low,close,volume\n172018%1$02d00000,1.0812,1.0842,1.08,1.0831,120",
          BarFormat.OANDA,
          "time,open,high,low,close,volume\n"
              + "2024-07-05T12:%1$02d:00.000000000Z,1.0812,1.0842,1.08,1.0831,120",
          BarFormat.LEAN,
          "454%1$02d000,1.0812,1.0842,1.08,1.0831,120,1.0813,1.0843,1.0801,1.0832,120",
          BarFormat.ISO,
          "2024-07-05T12:%1$02d:00Z,1.0812,1.0842,1.08,1.0831,120");

  /** What does damage to parsers. */
  private static final List<String> BITS =
      List.of(
          "\"",
          "\"\"",
          "\"x",
          ",",
          ";",
          "\t",
          " ",
          "-",
          "+",
          ".",
          "e9",
          "1e999",
          "NaN",
          "Infinity",
          "99999999999999999999",
          "0x1p3",
          "\0",
          "\u001b[2J",
          "é",
          "\u202e",
          "\ud83d\ude00",
          "#",
          "=",
          "'",
          "\\",
          "٣",
          "2024-02-30",
          "24:60",
          "Z",
          "+99:99",
          "x".repeat(5000));

  @Property(tries = 3000)
  void eachLineIsABarOrARejectOnce(@ForAll("damagedFiles") Tuple2<BarFormat, List<String>> file)
      throws IOException {
    List<String> lines = file.get2();
    List<Long> numbers = new ArrayList<>();
    String text = String.join("\n", lines);
    try (BarReader reader = open(file.get1(), text.getBytes(StandardCharsets.UTF_8))) {
      for (BarLine line = reader.next(); line != null; line = reader.next()) {
        assertThat(line.bar() == null).isNotEqualTo(line.defect() == null);
        numbers.add(line.line());
        assertThat(numbers).hasSizeLessThanOrEqualTo(lines.size());
      }
    }
    boolean header = FILES.get(file.get1()).contains("\n");
    assertThat(numbers)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(header ? 2 : 1, lines.size())
                .filter(number -> !lines.get(number - 1).isEmpty())
                .mapToObj(Long::valueOf)
                .toList());
  }

  @Property(tries = 3000)
  void whateverTheBytesReadingEnds(
      @ForAll BarFormat format,
      @ForAll("damagedFiles") Tuple2<BarFormat, List<String>> file,
      @ForAll byte[] noise)
      throws IOException {
    byte[] content = String.join("\n", file.get2()).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < noise.length; i++) {
      content[Math.floorMod(31 * noise[i] + 7 * i * i, content.length)] =
          noise[noise.length - 1 - i];
    }
    long last = 0;
    int count = 0;
    try (BarReader reader = open(format, content)) {
      for (BarLine line = reader.next(); line != null; line = reader.next()) {
        assertThat(line.bar() == null).isNotEqualTo(line.defect() == null);
        // A minute made of ticks comes after the bad ones among them.
        assertThat(line.line()).isGreaterThanOrEqualTo(reader.isMade() ? 1 : last);
        last = line.line();
        assertThat(++count).isLessThanOrEqualTo(content.length);
      }
    } catch (IOException | Failure reported) {
      assertThat(reported).hasMessageNotContaining("null");
    }
  }

  @Provide
  Arbitrary<Tuple2<BarFormat, List<String>>> damagedFiles() {
    Arbitrary<Damage> damage =
        Combinators.combine(
                Arbitraries.integers().between(0, LINES - 1),
                Arbitraries.integers().between(0, 120),
                Arbitraries.integers().between(0, 30),
                Arbitraries.frequencyOf(
                    Tuple.of(3, Arbitraries.of(BITS)),
                    Tuple.of(
                        1, Arbitraries.strings().ascii().excludeChars('\n', '\r').ofMaxLength(8))))
            .as(Damage::new);
    return Combinators.combine(
            Arbitraries.of(FILES.keySet()), damage.list().ofMinSize(1).ofMaxSize(6))
        .as((format, all) -> Tuple.of(format, damaged(FILES.get(format), all)));
  }

  /** Some characters of one line replaced. */
  private record Damage(int line, int from, int length, String by) {
    String to(String text) {
      int begin = Math.min(from, text.length());
      int end = Math.min(begin + length, text.length());
      return text.substring(0, begin) + by + text.substring(end);
    }
  }

  private static List<String> damaged(String template, List<Damage> all) {
    String[] parts = template.split("\n");
    List<String> lines = new ArrayList<>();
    if (parts.length > 1) {
      lines.add(parts[0]);
    }
    int header = lines.size();
    for (int i = 0; i < LINES; i++) {
      lines.add(parts[header].formatted(i));
    }
    for (Damage damage : all) {
      lines.set(header + damage.line(), damage.to(lines.get(header + damage.line())));
    }
    return lines;
  }

  private static BarReader open(BarFormat format, byte[] content) throws IOException {
    BarSource source = Sources.plain("/oanda/20240705_eurusd_candles_min_1.csv", content);
    try {
      return format.open(source, ReadSettings.of(Zone.utc(), "eurusd"), List.of("eurusd")).reader();
    } catch (IOException | RuntimeException refused) {
      source.close();
      throw refused;
    }
  }
}
