package org.bqx.testkit;

/**
 * What a psql run gave.
 *
 * @param exitCode 0 done, 1 fatal, 2 no connection, 3 the script failed (with ON_ERROR_STOP)
 * @param output standard output, without the last line's end
 * @param errors standard error, likewise
 */
public record PsqlResult(int exitCode, String output, String errors) {}
