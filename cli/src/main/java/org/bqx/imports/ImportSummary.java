package org.bqx.imports;

import java.time.Instant;

/**
 * What an import did.
 *
 * @param pair the pair
 * @param read bars and defects read
 * @param inserted bars that were not there
 * @param unchanged bars that were there already, alike, or kept on conflict
 * @param replaced bars that were there with other values and were replaced
 * @param rejected lines that are no bar
 * @param completed bars that were there without a side of the quote that the source has
 * @param quoted bars of which the source has both sides of the quote
 * @param fillers flat bars without volume of hours when the market was closed, left out
 * @param first open of the earliest bar, null when there is none
 * @param last open of the latest bar, null when there is none
 */
public record ImportSummary(
    String pair,
    long read,
    long inserted,
    long unchanged,
    long replaced,
    long rejected,
    long completed,
    long quoted,
    long fillers,
    Instant first,
    Instant last) {
  /** Returns this with another number of lines that are no bar. */
  ImportSummary withRejected(long count) {
    return new ImportSummary(
        pair,
        read - rejected + count,
        inserted,
        unchanged,
        replaced,
        count,
        completed,
        quoted,
        fillers,
        first,
        last);
  }
}
