package org.bqx.benchmarks.report;

/**
 * What something takes through a front beside a single server.
 *
 * @param what it is
 * @param cpuAlone processor time of the single server
 * @param cpuFront processor time of the front and all of its nodes
 * @param alone wall time on the single server
 * @param front wall time through the front
 */
public record FrontResult(
    String what, Sample cpuAlone, Sample cpuFront, Sample alone, Sample front) {}
