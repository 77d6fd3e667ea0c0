package org.bqx.matrix;

import java.time.Instant;
import java.time.YearMonth;

/** A month of a pair, cut to the matrix's range. */
record Span(YearMonth month, Instant from, Instant to) {}
