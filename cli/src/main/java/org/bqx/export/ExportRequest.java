package org.bqx.export;

import java.nio.file.Path;
import org.bqx.partition.PartitionRange;

/**
 * What to export, and where to.
 *
 * @param matrix the matrix's name, null for the families of the range without one
 * @param range which pairs and months, and the families where there is no matrix
 * @param format what files
 * @param folder where the files go
 * @param splitFolders whether each split has a folder of its own
 * @param allowStale whether rows that are not what their bars would give now are exported too
 */
public record ExportRequest(
    String matrix,
    PartitionRange range,
    ExportFormat format,
    Path folder,
    boolean splitFolders,
    boolean allowStale) {}
