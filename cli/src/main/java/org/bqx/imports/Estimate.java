package org.bqx.imports;

/**
 * How many lines a file will have had, from those that were read.
 *
 * @param read counts the bytes that were read
 * @param size all bytes, 0 when nobody knows
 */
record Estimate(ByteCounter read, long size) {
  long of(long soFar) {
    return read.count() == 0 ? 0 : Math.round((double) soFar * Math.max(size, 0) / read.count());
  }
}
