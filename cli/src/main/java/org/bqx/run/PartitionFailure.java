package org.bqx.run;

import org.bqx.partition.Partition;

/**
 * Why a partition was not computed.
 *
 * @param partition which one
 * @param sqlState the server's SQLSTATE
 * @param message the server's message
 * @param hint the server's hint, null when it has none
 */
public record PartitionFailure(Partition partition, String sqlState, String message, String hint) {}
