package org.bqx.gaps;

import java.time.Instant;

/**
 * A stretch without bars while the market was open.
 *
 * @param pair which pair
 * @param from its first minute without a bar
 * @param to the next bar
 * @param minutes of it while the market was open
 * @param state open, acknowledged, holiday, or {@link GapStore#UNKNOWN}
 * @param note what was said when it was acknowledged, or null
 */
public record Gap(String pair, Instant from, Instant to, int minutes, String state, String note) {}
