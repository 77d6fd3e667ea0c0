package org.bqx.imports;

/**
 * A file of bars that is ready to be read.
 *
 * @param reader gives its bars; to be closed
 * @param pair whose bars they are, null where a column of symbols says it line by line
 * @param zone of times that name none, for people
 * @param side whose prices they are
 * @param understood what was told from the file's content and is not certain, null where nothing is
 */
public record Opened(BarReader reader, String pair, String zone, Side side, String understood) {}
