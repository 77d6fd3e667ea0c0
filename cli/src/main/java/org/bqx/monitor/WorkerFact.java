package org.bqx.monitor;

/**
 * A backend that computes a partition, or that a bqx command is connected to.
 *
 * @param node the node that it runs on, null on a single server
 * @param backendPid process id on the server
 * @param application the client's {@code application_name}
 * @param partition what it computes, such as {@code reg eurusd 2024-07}, null for nothing
 * @param state as in {@code pg_stat_activity}, null for other roles' backends unless privileged
 * @param waitsFor wait event type and event, null when it waits for nothing
 * @param seconds since its statement began, or since it became idle
 * @param cpuPercent of one processor since the last look, null when the server is not local
 * @param memoryBytes memory of its own, without shared buffers and files; null where that cannot be
 *     read
 */
public record WorkerFact(
    String node,
    int backendPid,
    String application,
    String partition,
    String state,
    String waitsFor,
    Double seconds,
    Double cpuPercent,
    Long memoryBytes) {
  /** Returns its process id, after its node where there is one. */
  String backend() {
    return node == null ? Integer.toString(backendPid) : node + ":" + backendPid;
  }
}
