package org.bqx.imports;

import java.util.Map;

/**
 * What a person says of a file; null where the file is to tell.
 *
 * @param zone of times that name no offset
 * @param pair whose bars they are; null with a column of symbols, too
 * @param columns which columns to take, by role; the values are names of the header or positions
 *     from 1
 * @param dateOrder of dates that can be read in two ways
 * @param decimal what is before decimals: a point or a comma
 * @param stamp which end of a bar its time is
 * @param side whose prices they are
 */
public record ReadSettings(
    Zone zone,
    String pair,
    Map<Column, String> columns,
    DateOrder dateOrder,
    Character decimal,
    StampAt stamp,
    Side side) {
  /** Settings that leave all but zone and pair to the file. */
  public static ReadSettings of(Zone zone, String pair) {
    return new ReadSettings(zone, pair, Map.of(), null, null, null, null);
  }
}
