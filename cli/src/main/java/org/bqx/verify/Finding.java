package org.bqx.verify;

import java.time.Instant;
import java.time.YearMonth;

/**
 * A difference or a warning: one thing that is not as it should be, and where.
 *
 * @param check which check found it
 * @param family which family; null when it concerns the bars
 * @param pair in lower case; null when it concerns all
 * @param month the partition's month; null when it concerns all
 * @param time the row's time, null when it concerns no row
 * @param column the column's name, null when it concerns no column
 * @param found what is there, null for NULL
 * @param expected what should be there, null when the check is a rule without a value
 */
public record Finding(
    String check,
    String family,
    String pair,
    YearMonth month,
    Instant time,
    String column,
    String found,
    String expected) {}
