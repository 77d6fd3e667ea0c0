package org.bqx.imports;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;
import org.bqx.terminal.Quantity;

/** Reads bars or ticks of any {@link Layout}. */
final class TableReader implements BarReader {
  private final Lines lines;
  private final Layout layout;
  private final TimeText times;
  private final Fields fields;
  private final String pair;
  private final int needed;
  private final Map<String, Boolean> ofPair = new HashMap<>();
  private String line = "";
  private String symbol;
  private double bid = Double.NaN;
  private double ask = Double.NaN;

  /**
   * @param in can be marked; {@link #close} closes it
   * @param zone of times that name none
   * @param pair whose lines are taken; null for all, where there is a column of symbols
   */
  TableReader(InputStream in, Layout layout, Zone zone, String pair) throws IOException {
    this.layout = layout;
    this.pair = pair;
    lines = new Lines(in);
    times = new TimeText(zone, layout.order(), layout.localCounts());
    fields = new Fields(layout.delimiter());
    needed =
        1
            + layout.positions().entrySet().stream()
                .filter(entry -> isNeeded(entry.getKey()))
                .mapToInt(Map.Entry::getValue)
                .max()
                .orElse(0);
  }

  private static boolean isNeeded(Column column) {
    return column != Column.VOLUME
        && column != Column.BID_VOLUME
        && column != Column.COMPLETE
        && column != Column.BID
        && column != Column.ASK;
  }

  @Override
  public BarLine next() throws IOException {
    for (line = lines.next(); line != null; line = lines.next()) {
      if (TableLines.isData(line, layout.header())) {
        try {
          return BarLine.of(lines.number(), bar());
        } catch (DefectException defect) {
          List<String> all = IntStream.range(0, fields.count()).mapToObj(fields::get).toList();
          if (!TableLines.isHeader(all, layout.names(), lines.number())) {
            return BarLine.bad(lines.number(), defect.getMessage());
          }
        }
      }
    }
    return null;
  }

  private Bar bar() throws DefectException {
    if (!fields.split(line)) {
      throw new DefectException("a quote is not closed");
    }
    requireColumns();
    long time =
        layout.clock() < 0
            ? times.parse(fields.get(layout.at(Column.TIME)))
            : times.parse(fields.get(layout.at(Column.TIME)), fields.get(layout.clock()));
    boolean fraction = times.hasFraction();
    requireSymbol();
    if (layout.isTicks()) {
      return tick(time);
    }
    if (fraction) {
      throw new DefectException(BarCheck.OFF_THE_MINUTE);
    }
    if (fields.get(layout.at(Column.COMPLETE)).equalsIgnoreCase("false")) {
      throw new DefectException("the candle is not complete");
    }
    if (layout.has(Column.CLOSE)) {
      return bar(time, Column.OPEN, Column.HIGH, Column.LOW, Column.CLOSE)
          .withQuote(
              quote(Column.BID_CLOSE, Column.BID, "bid"),
              quote(Column.ASK_CLOSE, Column.ASK, "ask"));
    }
    if (layout.has(Column.BID_CLOSE)) {
      Bar bar = bar(time, Column.BID_OPEN, Column.BID_HIGH, Column.BID_LOW, Column.BID_CLOSE);
      return bar.withQuote(bar.close(), quote(Column.ASK_CLOSE, Column.ASK, "ask"));
    }
    return bar(time, Column.ASK_OPEN, Column.ASK_HIGH, Column.ASK_LOW, Column.ASK_CLOSE);
  }

  private Bar bar(long time, Column open, Column high, Column low, Column close)
      throws DefectException {
    return new Bar(
        time,
        price(open, "open"),
        price(high, "high"),
        price(low, "low"),
        price(close, "close"),
        volume(Column.VOLUME));
  }

  /** A side that did not change may be left empty: MetaTrader 5 does so. */
  private Bar tick(long time) throws DefectException {
    bid = latest(Column.BID, bid, "bid");
    ask = latest(Column.ASK, ask, "ask");
    double price = layout.isAskAlone() ? ask : bid;
    double volume = volume(layout.has(Column.BID_VOLUME) ? Column.BID_VOLUME : Column.VOLUME);
    return new Bar(time, price, price, price, price, volume, bid, ask);
  }

  private double latest(Column column, double before, String name) throws DefectException {
    if (!layout.has(column)) {
      return Double.NaN;
    }
    String text = fields.get(layout.at(column));
    if (text.isEmpty() && !Double.isNaN(before)) {
      return before;
    }
    double value = layout.prices().parse(name, text);
    if (!(value > 0)) {
      throw new DefectException(name + " " + value + " is not a positive number");
    }
    return value;
  }

  private double price(Column column, String name) throws DefectException {
    return layout.prices().parse(name, fields.get(layout.at(column)));
  }

  private double quote(Column column, Column other, String name) throws DefectException {
    Column found = layout.has(column) ? column : other;
    String text = fields.get(layout.at(found));
    return text.isEmpty() ? Double.NaN : layout.prices().parse(name, text);
  }

  private double volume(Column column) throws DefectException {
    String text = fields.get(layout.at(column));
    return text.isEmpty() ? Double.NaN : layout.volumes().parse("volume", text);
  }

  private void requireColumns() throws DefectException {
    if (fields.count() < needed) {
      throw new DefectException(
          "%s where %d are needed".formatted(Quantity.of(fields.count(), "column"), needed));
    }
    int most = layout.names().size();
    if (most > 0 && fields.count() > most) {
      for (int i = most; i < fields.count(); i++) {
        if (!fields.get(i).isEmpty()) {
          throw new DefectException(
              "%s where the header has %d".formatted(Quantity.of(fields.count(), "column"), most));
        }
      }
    }
  }

  private void requireSymbol() throws DefectException {
    if (!layout.has(Column.SYMBOL)) {
      return;
    }
    symbol = fields.get(layout.at(Column.SYMBOL));
    if (symbol.isEmpty()) {
      throw new DefectException("no symbol");
    }
    if (pair != null && !ofPair.computeIfAbsent(symbol, this::isPair)) {
      throw new DefectException("symbol " + Printable.quoted(symbol) + " is not " + pair);
    }
  }

  private boolean isPair(String text) {
    try {
      return Symbols.pairOfSymbol(text, List.of(pair)).equals(pair);
    } catch (Failure another) {
      return false;
    }
  }

  @Override
  public String text() {
    return line == null ? "" : line;
  }

  @Override
  public String symbol() {
    return pair == null ? symbol : null;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
