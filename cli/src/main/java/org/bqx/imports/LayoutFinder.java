package org.bqx.imports;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;

/**
 * Tells the {@link Layout} of a table from its first lines. Where they can be read in two ways it
 * does not choose, but asks by an error that names the option.
 */
final class LayoutFinder {
  private static final char[] DELIMITERS = {'\t', ';', '|', ','};
  private static final int LEAST_FIELDS = 3;
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?\\p{Sc}?[+-]?\\d[\\d.,' \u00a0\u202f]*(?:[eE][+-]?\\d+)?\\p{Sc}?");
  private static final Pattern CLOCK = Pattern.compile("\\d{1,2}:\\d\\d.*|\\d{4}|\\d{6}|\\d{9}");
  private static final Pattern IN_BRACKETS = Pattern.compile("\\(([^)]+)\\)");
  private static final Pattern DOTTED = Pattern.compile("\\d{4}\\.\\d\\d\\.\\d\\d");
  private static final Column[][] PRICES = {
    {Column.OPEN, Column.HIGH, Column.LOW, Column.CLOSE},
    {Column.BID_OPEN, Column.BID_HIGH, Column.BID_LOW, Column.BID_CLOSE},
    {Column.ASK_OPEN, Column.ASK_HIGH, Column.ASK_LOW, Column.ASK_CLOSE}
  };

  private final BarSource source;
  private final ReadSettings settings;
  private final List<List<String>> data = new ArrayList<>();
  private final Set<String> header = new LinkedHashSet<>();
  private final EnumMap<Column, Integer> positions = new EnumMap<>(Column.class);
  private final List<List<String>> headers = new ArrayList<>();
  private List<String> names = List.of();
  private char delimiter;
  private int clock = -1;

  private LayoutFinder(BarSource source, ReadSettings settings) {
    this.source = source;
    this.settings = settings;
  }

  /**
   * Returns the layout of a source, null when its first lines are no table.
   *
   * @throws Failure when they can be read in more than one way
   */
  static Layout find(BarSource source, ReadSettings settings) throws IOException {
    return new LayoutFinder(source, settings).find();
  }

  private Layout find() throws IOException {
    List<String> lines =
        source.head().lines().stream()
            .filter(line -> !TableLines.isComment(line.stripLeading(), 0))
            .toList();
    if (!findDelimiter(lines)) {
      return null;
    }
    splitLines(lines);
    if (data.isEmpty() && !headers.isEmpty()) {
      throw new Failure(
          ExitCode.FAILED,
          "cannot read %s: it has a header and no bars".formatted(Printable.of(source.text())),
          null);
    }
    if (data.isEmpty()) {
      return null;
    }
    if (headers.isEmpty() && source.isParquet() && settings.columns().isEmpty()) {
      throw untold("no column is its time");
    }
    if (headers.isEmpty()) {
      placeWithoutHeader();
    } else {
      placeByHeader();
    }
    placeByPerson();
    separateClock();
    requirePrices();
    if (headers.isEmpty() && settings.columns().isEmpty()) {
      requireOrder();
    }
    Numbers prices = prices();
    DateOrder order = dateOrder();
    return layout(prices, order);
  }

  private Layout layout(Numbers prices, DateOrder order) {
    TimeText times = new TimeText(Zone.utc(), order, false);
    boolean free = true;
    boolean counted = false;
    int close = 0;
    int steps = 0;
    long before = Long.MIN_VALUE;
    for (List<String> row : data) {
      try {
        long time = time(times, row);
        free &= times.isNamed();
        counted |= times.isCount();
        if (before != Long.MIN_VALUE) {
          steps++;
          close += time != before && Math.abs(time - before) < 60 ? 1 : 0;
        }
        before = time;
      } catch (DefectException bad) {
        before = Long.MIN_VALUE;
      }
    }
    boolean python =
        counted && hasName("tickvolume") && (hasName("realvolume") || hasName("spread"));
    if (python && settings.zone() == null) {
      throw ask(
          "the times of MetaTrader 5's Python interface are its server's clock, though they look"
              + " like UTC",
          "name the clock: --zone metatrader, your broker's such as Europe/Athens, or utc");
    }
    Zone named = headerZone();
    boolean metaTrader =
        named == null && clock >= 0 && DOTTED.matcher(at(data.get(0), Column.TIME)).matches();
    Numbers volumes =
        new Numbers(prices.point(), prices.point() == ',' ? '.' : ',', prices.currency());
    return new Layout(
        delimiter,
        prices,
        volumes,
        positions,
        clock,
        order,
        header,
        names,
        metaTrader ? Zone.metaTrader() : named,
        metaTrader,
        free && !python,
        python,
        2 * close > steps);
  }

  private boolean findDelimiter(List<String> lines) {
    int best = 0;
    for (char candidate : DELIMITERS) {
      Map<Integer, Integer> counts = new HashMap<>();
      Fields fields = new Fields(candidate);
      for (String line : lines) {
        if (fields.split(line)) {
          counts.merge(fields.count(), 1, Integer::sum);
        }
      }
      int most =
          counts.entrySet().stream()
              .filter(count -> count.getKey() >= LEAST_FIELDS)
              .mapToInt(Map.Entry::getValue)
              .max()
              .orElse(0);
      if (most > best) {
        best = most;
        delimiter = candidate;
      }
    }
    return best > 0;
  }

  private void splitLines(List<String> lines) {
    Fields fields = new Fields(delimiter);
    for (String line : lines) {
      if (!fields.split(line)) {
        continue;
      }
      List<String> row = new ArrayList<>();
      for (int i = 0; i < fields.count(); i++) {
        row.add(fields.get(i));
      }
      if (isHeader(row)) {
        if (data.isEmpty() && header.add(line.strip())) {
          headers.add(row);
        }
      } else if (row.stream().filter(LayoutFinder::isNumber).count() >= 1
          && row.size() >= LEAST_FIELDS) {
        data.add(row);
      }
    }
  }

  private boolean isHeader(List<String> row) {
    return row.stream().anyMatch(name -> Column.of(name) != null || isNamed(name))
        && row.stream().noneMatch(LayoutFinder::isNumber);
  }

  private boolean isNamed(String name) {
    return settings.columns().values().stream().anyMatch(name::equalsIgnoreCase);
  }

  private static boolean isNumber(String text) {
    return NUMBER.matcher(text).matches();
  }

  private void placeByHeader() {
    int width = headers.stream().mapToInt(List::size).max().orElse(0);
    List<String> found = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      String name = "";
      for (List<String> row : headers) {
        String here = i < row.size() ? row.get(i) : "";
        if (name.isEmpty() || Column.of(here) != null) {
          name = here.isEmpty() ? name : here;
        }
      }
      found.add(name);
    }
    // Some programs write no name above the column that numbers the rows.
    if (data.stream().allMatch(row -> row.size() == width + 1 && isTimeOrNumber(row.get(0)))) {
      found.add(0, "");
    }
    names = List.copyOf(found);
    for (int i = 0; i < names.size(); i++) {
      Column column = Column.of(names.get(i));
      if (column != null) {
        place(column, i);
      }
    }
    if (!positions.containsKey(Column.TIME) && !positions.containsKey(Column.DATE)) {
      for (int i = 0; i < names.size(); i++) {
        if (names.get(i).isEmpty() && isTimes(i)) {
          positions.put(Column.TIME, i);
        }
      }
    }
  }

  private void place(Column column, int position) {
    Integer before = positions.get(column);
    if (before == null || settings.columns().containsKey(column)) {
      positions.putIfAbsent(column, position);
    } else if (column == Column.VOLUME) {
      // Brokers leave the volume of trades zero: the number of ticks is taken.
      if (Column.plain(names.get(position)).startsWith("tick")) {
        positions.put(column, position);
      }
    } else if (column != Column.COMPLETE) {
      throw ask(
          "two columns are its %s: %s and %s"
              .formatted(
                  column.title(),
                  Printable.quoted(names.get(before)),
                  Printable.quoted(names.get(position))),
          "name the one to take: --columns %s=%d".formatted(column.title(), position + 1));
    }
  }

  private boolean isTimeOrNumber(String text) {
    return isNumber(text) || isTime(text);
  }

  private boolean isTimes(int position) {
    return data.stream().filter(row -> position < row.size() && isTime(row.get(position))).count()
            * 2
        > data.size();
  }

  private static boolean isTime(String text) {
    for (DateOrder order : DateOrder.values()) {
      try {
        new TimeText(Zone.utc(), order, false).parse(text);
        return true;
      } catch (DefectException other) {
        continue;
      }
    }
    return false;
  }

  private void placeWithoutHeader() {
    List<String> row = typical();
    int time = 0;
    if (row.size() > 1 && !isTime(row.get(0)) && isTime(row.get(1))) {
      time = 1;
      if (!isNumber(row.get(0))) {
        positions.put(Column.SYMBOL, 0);
      }
    }
    if (!isTimes(time)) {
      return;
    }
    positions.put(Column.TIME, time);
    int next = time + 1;
    if (next < row.size()
        && CLOCK.matcher(row.get(next)).matches()
        && row.get(next).indexOf('.') < 0
        && (row.get(next).indexOf(':') > 0 || row.size() - next > 5)) {
      clock = next++;
    }
    int prices = row.size() - next;
    if (prices == 4 || prices == 5) {
      for (Column column : PRICES[0]) {
        positions.put(column, next++);
      }
      if (prices == 5) {
        positions.put(Column.VOLUME, next);
      }
    }
  }

  private List<String> typical() {
    Map<Integer, Integer> sizes = new HashMap<>();
    data.forEach(row -> sizes.merge(row.size(), 1, Integer::sum));
    int size = sizes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    return data.stream().filter(row -> row.size() == size).findFirst().orElseThrow();
  }

  private void placeByPerson() {
    settings
        .columns()
        .forEach(
            (column, name) -> {
              int position = position(name);
              positions.values().removeIf(other -> other == position);
              positions.put(column, position);
            });
  }

  private int position(String name) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    if (name.matches("\\d{1,4}")
        && Integer.parseInt(name) >= 1
        && Integer.parseInt(name) <= typical().size()) {
      return Integer.parseInt(name) - 1;
    }
    throw ask(
        "--columns names %s, which is no column of it".formatted(Printable.quoted(name)),
        names.isEmpty()
            ? "name a number from 1 to " + typical().size()
            : "its columns are " + Printable.of(String.join(", ", names)));
  }

  private void separateClock() {
    Integer date = positions.remove(Column.DATE);
    Integer time = positions.get(Column.TIME);
    if (date != null && time == null) {
      positions.put(Column.TIME, date);
    } else if (date != null && !isTimes(time)) {
      clock = time;
      positions.put(Column.TIME, date);
    }
    if (!positions.containsKey(Column.TIME)) {
      throw untold("no column is its time");
    }
  }

  private void requirePrices() {
    boolean any = positions.containsKey(Column.BID) || positions.containsKey(Column.ASK);
    for (Column[] group : PRICES) {
      long there = List.of(group).stream().filter(positions::containsKey).count();
      boolean closeAlone = there == 1 && positions.containsKey(group[3]);
      boolean quoteOfBar = group != PRICES[0] && closeAlone && any(PRICES[0]);
      if (there > 0 && there < group.length && !quoteOfBar) {
        for (Column column : group) {
          if (!positions.containsKey(column)) {
            throw untold("no column is its " + column.title());
          }
        }
      }
      any |= there > 0;
    }
    if (!any) {
      throw untold("no columns are its prices");
    }
  }

  private boolean any(Column... columns) {
    return List.of(columns).stream().anyMatch(positions::containsKey);
  }

  /** Without a header the values have to say that they are open, high, low and close. */
  private void requireOrder() {
    int wrong = 0;
    for (List<String> row : data) {
      try {
        double[] values = new double[PRICES[0].length];
        for (int i = 0; i < values.length; i++) {
          values[i] = loose(at(row, PRICES[0][i]));
        }
        wrong += values[1] < Math.max(values[0], values[3]) ? 1 : 0;
        wrong += values[2] > Math.min(values[0], values[3]) ? 1 : 0;
      } catch (NumberFormatException bad) {
        wrong += 0;
      }
    }
    if (wrong * 10 > data.size()) {
      throw untold("its columns are not open, high, low, close in this order");
    }
  }

  private static double loose(String text) {
    return Double.parseDouble(Numbers.withoutCurrency(text).replace(',', '.'));
  }

  private Numbers prices() {
    PriceStyle style = new PriceStyle();
    for (List<String> row : data) {
      for (Map.Entry<Column, Integer> entry : positions.entrySet()) {
        if (isPrice(entry.getKey()) && entry.getValue() < row.size()) {
          style.add(row.get(entry.getValue()));
        }
      }
    }
    Numbers numbers = style.numbers(settings.decimal());
    if (numbers == null) {
      throw ask(
          "the commas of its prices can be before decimals or between thousands",
          "name what is before decimals: --decimal , or --decimal .");
    }
    return numbers;
  }

  private static boolean isPrice(Column column) {
    return switch (column) {
      case TIME, DATE, VOLUME, BID_VOLUME, SYMBOL, COMPLETE -> false;
      default -> true;
    };
  }

  private DateOrder dateOrder() throws IOException {
    List<String> dates = data.stream().map(row -> at(row, Column.TIME)).toList();
    if (dates.stream().noneMatch(DateProof::isOpen)) {
      return null;
    }
    if (settings.dateOrder() != null) {
      return settings.dateOrder();
    }
    DateProof proof = new DateProof();
    Fields fields = new Fields(delimiter);
    for (String line : source.longHead().lines()) {
      if (fields.split(line)) {
        String date = fields.get(positions.get(Column.TIME));
        proof.add(clock < 0 ? date : date + ' ' + fields.get(clock));
      }
    }
    if (proof.order() == null) {
      throw ask(
          "its dates, such as %s, can begin with the day or with the month"
              .formatted(Printable.quoted(dates.get(0))),
          "name what they begin with: --date-order dmy or --date-order mdy");
    }
    return proof.order();
  }

  private Zone headerZone() {
    Integer position = positions.get(Column.TIME);
    List<String> texts = new ArrayList<>();
    for (int at : new int[] {position, clock}) {
      if (at >= 0 && at < names.size()) {
        texts.add(names.get(at));
      }
    }
    for (String text : texts) {
      Matcher brackets = IN_BRACKETS.matcher(text);
      String plain = text.toLowerCase(Locale.ROOT);
      if (brackets.find() && settings.zone() == null) {
        try {
          return Zone.parse(brackets.group(1).strip());
        } catch (Failure unknown) {
          if (brackets.group(1).toUpperCase(Locale.ROOT).equals(brackets.group(1))) {
            throw ask(
                "its times are of zone %s: %s"
                    .formatted(Printable.quoted(brackets.group(1)), unknown.getMessage()),
                unknown.hint());
          }
        }
      }
      if (plain.contains("utc") || plain.contains("gmt")) {
        return Zone.utc();
      }
      if (plain.contains("local") && settings.zone() == null && !isNamed(position)) {
        throw ask("its times are local, and it does not say where", "name the place: --zone");
      }
    }
    return null;
  }

  private boolean isNamed(int position) {
    TimeText times = new TimeText(Zone.utc(), DateOrder.DMY, false);
    try {
      times.parse(data.get(0).get(position));
      return times.isNamed();
    } catch (DefectException bad) {
      return false;
    }
  }

  private boolean hasName(String plain) {
    return names.stream().anyMatch(name -> Column.plain(name).equals(plain));
  }

  private long time(TimeText times, List<String> row) throws DefectException {
    String time = at(row, Column.TIME);
    return clock < 0
        ? times.parse(time)
        : times.parse(time, clock < row.size() ? row.get(clock) : "");
  }

  private String at(List<String> row, Column column) {
    int position = positions.getOrDefault(column, -1);
    return position < 0 || position >= row.size() ? "" : row.get(position);
  }

  private Failure untold(String why) {
    String found =
        names.isEmpty()
            ? "its first line is " + Printable.quoted(source.head().first())
            : "its columns are " + Printable.of(String.join(", ", names));
    return ask(
        "%s; %s".formatted(why, found),
        "name its columns, by name or by number from 1:"
            + " --columns time=1,open=2,high=3,low=4,close=5,volume=6");
  }

  private Failure ask(String why, String next) {
    return new Failure(
        ExitCode.USAGE, "cannot read %s: %s".formatted(Printable.of(source.text()), why), next);
  }
}
