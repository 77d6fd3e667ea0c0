package org.bqx.monitor;

import java.time.Instant;
import java.util.List;

/**
 * Everything the monitor shows, as of one moment.
 *
 * @param at the server's clock
 * @param server where the database is
 * @param all of all families and targets together
 * @param families in the catalogue's order
 * @param runs those of bqx under way, the first first
 * @param workers backends of bqx, those that compute first
 * @param connections client connections to the server
 * @param maxConnections its limit
 * @param lastFinished the partitions done last, newest first
 * @param lastFailed the partitions that failed last, newest first
 * @param stalestHeartbeat the computing backend whose statement began longest ago, or null
 * @param partitions all of them
 * @param silentNodes of a front: those that did not tell how large they are, as they do not answer
 *     or wait for a lock
 */
public record Snapshot(
    Instant at,
    String server,
    FamilyProgress all,
    List<FamilyProgress> families,
    List<RunFact> runs,
    List<WorkerFact> workers,
    long connections,
    int maxConnections,
    List<PartitionFact> lastFinished,
    List<PartitionFact> lastFailed,
    WorkerFact stalestHeartbeat,
    List<PartitionFact> partitions,
    List<String> silentNodes) {

  /** Copies the lists. */
  public Snapshot {
    families = List.copyOf(families);
    runs = List.copyOf(runs);
    workers = List.copyOf(workers);
    lastFinished = List.copyOf(lastFinished);
    lastFailed = List.copyOf(lastFailed);
    partitions = List.copyOf(partitions);
    silentNodes = List.copyOf(silentNodes);
  }
}
