package org.bqx.export;

/**
 * A column of an export.
 *
 * @param name its name
 * @param type what it holds
 */
record ExportColumn(String name, ColumnType type) {}
