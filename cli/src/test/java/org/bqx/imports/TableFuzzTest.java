package org.bqx.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.bqx.failure.Failure;

/**
 * Tables in random layouts with random damage: each line of data is a bar or a reject once, and a
 * bar is the one that its line holds. A layout that is not understood is an error.
 */
class TableFuzzTest {
  private static final long BEGIN = 1720182600L;
  private static final int LINES = 40;
  private static final List<String> TIMES =
      List.of(
          "yyyy-MM-dd HH:mm:ss",
          "yyyy-MM-dd'T'HH:mm:ss'Z'",
          "yyyy.MM.dd HH:mm",
          "yyyy/MM/dd HH:mm",
          "dd.MM.yyyy HH:mm:ss",
          "yyyyMMdd HHmmss",
          "yyyyMMddHHmm",
          "yyyy-MM-dd HH:mm:ss' UTC'",
          "epoch",
          "millis");
  private static final List<List<String>> NAMES =
      List.of(
          List.of("time", "open", "high", "low", "close", "volume"),
          List.of("Date", "O", "H", "L", "C", "Vol"),
          List.of("timestamp", "bidopen", "bidhigh", "bidlow", "bidclose", "tickqty"));
  private static final List<String> DAMAGE =
      List.of("\"", ",", ";", "\t", "x", "-", ".", " ", "#", "e9", "NaN", "\0", "é", "1,5", "=");

  /** One table: its text, and what each of its lines holds. */
  private record Table(String text, List<Bar> bars, int headerLines) {}

  @Property(tries = 2000)
  void whatIsNotDamagedIsReadAsItStands(@ForAll long seed) throws IOException {
    Table table = table(new Random(seed));
    List<BarLine> lines = read(table.text());
    assertThat(lines).hasSize(table.bars().size());
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i).line()).isEqualTo(i + 1L + table.headerLines());
      Bar bar = lines.get(i).bar();
      assertThat(bar).as(table.text()).isNotNull();
      assertThat(bar.withQuote(Double.NaN, Double.NaN))
          .as(table.text())
          .isEqualTo(table.bars().get(i));
    }
  }

  @Property(tries = 3000)
  void aDamagedLineCostsItselfAtMost(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Table table = table(random);
    String[] text = table.text().split("\n");
    List<Integer> damaged = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int line = table.headerLines() + random.nextInt(table.bars().size());
      int at = random.nextInt(text[line].length());
      int cut = Math.min(text[line].length(), at + random.nextInt(4));
      String by = DAMAGE.get(random.nextInt(DAMAGE.size()));
      text[line] = text[line].substring(0, at) + by + text[line].substring(cut);
      damaged.add(line);
    }
    List<BarLine> lines;
    try {
      lines = read(String.join("\n", text));
    } catch (Failure asked) {
      assertThat(asked.hint()).isNotNull();
      return;
    }
    List<Long> numbers = new ArrayList<>();
    for (BarLine line : lines) {
      numbers.add(line.line());
      int index = (int) line.line() - 1 - table.headerLines();
      if (!damaged.contains((int) line.line() - 1)) {
        assertThat(line.bar()).as(String.join("\n", text)).isNotNull();
        assertThat(line.bar().withQuote(Double.NaN, Double.NaN))
            .as(String.join("\n", text))
            .isEqualTo(table.bars().get(index));
      }
    }
    for (int i = table.headerLines(); i < text.length; i++) {
      boolean nothing = text[i].isBlank() || text[i].stripLeading().startsWith("#");
      if (!nothing) {
        assertThat(numbers).as("line %d of %s", i + 1, String.join("\n", text)).contains(i + 1L);
      }
    }
    assertThat(numbers).doesNotHaveDuplicates();
  }

  private static List<BarLine> read(String text) throws IOException {
    return Sources.lines(
        "bars.csv", text.getBytes(StandardCharsets.UTF_8), ReadSettings.of(Zone.utc(), "eurusd"));
  }

  private static Table table(Random random) {
    char delimiter = ",;\t|".charAt(random.nextInt(4));
    boolean comma = delimiter != ',' && random.nextBoolean();
    boolean quoted = random.nextInt(4) == 0;
    String form = TIMES.get(random.nextInt(TIMES.size()));
    List<String> names = NAMES.get(random.nextInt(NAMES.size()));
    boolean volume = random.nextBoolean();
    StringBuilder text = new StringBuilder();
    int headerLines = 1;
    if (random.nextInt(4) == 0) {
      text.append("# exported\n");
      headerLines++;
    }
    text.append(joined(names.subList(0, volume ? 6 : 5), delimiter, quoted)).append('\n');
    List<Bar> bars = new ArrayList<>();
    boolean newestFirst = random.nextInt(4) == 0;
    for (int i = 0; i < LINES; i++) {
      long time = BEGIN + 60L * (newestFirst ? LINES - i : i);
      double open = price(random);
      double close = price(random);
      double high = rounded(Math.max(open, close) + 0.25);
      double low = rounded(Math.min(open, close) - 0.25);
      double ticks = volume ? random.nextInt(100_000) : Double.NaN;
      bars.add(new Bar(time, open, high, low, close, ticks));
      List<String> fields = new ArrayList<>(List.of(time(time, form)));
      for (double value : new double[] {open, high, low, close}) {
        String number = String.format(Locale.ROOT, "%.5f", value);
        fields.add(comma ? number.replace('.', ',') : number);
      }
      if (volume) {
        fields.add(Integer.toString((int) ticks));
      }
      text.append(joined(fields, delimiter, quoted)).append('\n');
    }
    return new Table(text.toString(), bars, headerLines);
  }

  private static double price(Random random) {
    return rounded(1.5 + random.nextDouble());
  }

  private static double rounded(double price) {
    return Double.parseDouble(String.format(Locale.ROOT, "%.5f", price));
  }

  private static String time(long time, String form) {
    return switch (form) {
      case "epoch" -> Long.toString(time);
      case "millis" -> time + "000";
      default ->
          DateTimeFormatter.ofPattern(form, Locale.ROOT)
              .format(Instant.ofEpochSecond(time).atOffset(ZoneOffset.UTC));
    };
  }

  private static String joined(List<String> fields, char delimiter, boolean quoted) {
    return fields.stream()
        .map(field -> quoted ? '"' + field + '"' : field)
        .collect(java.util.stream.Collectors.joining(String.valueOf(delimiter)));
  }
}
