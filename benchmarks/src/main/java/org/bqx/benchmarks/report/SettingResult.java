package org.bqx.benchmarks.report;

/**
 * What a server's setting does.
 *
 * @param setting {@code name=value}, or that nothing is set
 * @param backfill a range, and the checkpoint after it
 * @param floor one session that writes as many rows as one partition of it has
 */
public record SettingResult(String setting, Sample backfill, Sample floor) {}
