package org.bqx.export;

/**
 * What an export did.
 *
 * @param folder where the files are
 * @param written files that were written
 * @param kept files that were there already and are left as they were
 * @param rows rows in all of them
 * @param unsplit rows in none of them: of no split, where each split has its folder
 * @param bytes bytes of all of them
 * @param stale months whose rows are not what their bars would give now
 */
public record ExportOutcome(
    String folder, int written, int kept, long rows, long unsplit, long bytes, int stale) {}
