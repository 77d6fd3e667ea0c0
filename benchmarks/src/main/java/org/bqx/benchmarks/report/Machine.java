package org.bqx.benchmarks.report;

import java.util.Map;

/**
 * Where it was measured.
 *
 * @param processor the model's name
 * @param memoryBytes of the machine
 * @param fileSystem where the data is, with its type
 * @param postgresql the server's version
 * @param javaRuntime what runs Java in the server, with its version
 * @param java the JVM's version
 * @param settings of the server, by name
 */
public record Machine(
    int cores,
    String processor,
    long memoryBytes,
    String operatingSystem,
    String fileSystem,
    String postgresql,
    String javaRuntime,
    String java,
    Map<String, String> settings) {}
