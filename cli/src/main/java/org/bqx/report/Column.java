package org.bqx.report;

/**
 * A column that a reader may choose to look at.
 *
 * @param name as the table has it
 * @param metric what it is, whatever the window
 * @param window in bars, null without one
 * @param unit of the values
 * @param description what the values are
 */
public record Column(String name, String metric, Integer window, String unit, String description) {}
