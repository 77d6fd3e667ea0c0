package org.bqx.imports;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a table of bars or ticks without a vendor's format looks like.
 *
 * @param delimiter between fields
 * @param prices how prices are written
 * @param volumes how volumes are
 * @param positions of the columns there are, from 0
 * @param clock position of the time of day when the date has a column of its own, else -1
 * @param order of dates that can be read in two ways, null when there are none
 * @param header the lines before the data, which may come again
 * @param names the header's name of each column, empty without one
 * @param zone that the header names, null when it does not
 * @param zoneGuess whether that zone is but what most such files have
 * @param zoneFree whether no time needs a zone
 * @param localCounts whether counts since 1970 are of the zone's clock
 * @param seconds whether most lines follow each other by less than a minute
 */
record Layout(
    char delimiter,
    Numbers prices,
    Numbers volumes,
    EnumMap<Column, Integer> positions,
    int clock,
    DateOrder order,
    Set<String> header,
    List<String> names,
    Zone zone,
    boolean zoneGuess,
    boolean zoneFree,
    boolean localCounts,
    boolean seconds) {
  boolean has(Column column) {
    return positions.containsKey(column);
  }

  int at(Column column) {
    return positions.getOrDefault(column, -1);
  }

  /** Returns whether a line is one price of each side, not a bar. */
  boolean isTicks() {
    return !has(Column.CLOSE) && !has(Column.BID_CLOSE) && !has(Column.ASK_CLOSE);
  }

  /** Returns whether the only prices are those that sellers ask. */
  boolean isAskAlone() {
    return !has(Column.CLOSE) && !has(Column.BID_CLOSE) && !has(Column.BID);
  }

  /**
   * Returns what was understood, for people.
   *
   * @param text whether the delimiter is the file's own
   */
  String describe(String zoneText, boolean text) {
    String columns =
        positions.entrySet().stream()
            .map(entry -> named(entry.getValue()) + "→" + entry.getKey().title())
            .collect(Collectors.joining(", "));
    if (clock >= 0) {
      columns = columns.replaceFirst("→", "+" + named(clock) + "→");
    }
    String dates = order == null ? "" : ", dates " + order.name().toLowerCase(Locale.ROOT);
    String point = prices.point() == ',' ? ", decimal comma" : "";
    String between = text ? ", delimiter " + (delimiter == '\t' ? "tab" : delimiter) : "";
    return "columns: %s%s%s%s, zone %s".formatted(columns, between, point, dates, zoneText);
  }

  private String named(int position) {
    String name = position < names.size() ? names.get(position) : "";
    return name.isEmpty() ? "column " + (position + 1) : name;
  }
}
