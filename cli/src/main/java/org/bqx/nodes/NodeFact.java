package org.bqx.nodes;

/**
 * A node of a front, and what lives there.
 *
 * @param node its name
 * @param host name or address
 * @param port TCP port
 * @param database name of its database
 * @param pairs pairs that are placed there
 * @param months months of these that have bars
 * @param bars how many
 * @param rows rows of all families
 * @param bytes size on disk of bars and rows with indexes
 * @param reachable whether it answers; figures are as last seen or null where it does not
 * @param sqlState of the error by which it does not, or null
 * @param reason the error, or null
 */
public record NodeFact(
    String node,
    String host,
    int port,
    String database,
    int pairs,
    Long months,
    Long bars,
    Long rows,
    Long bytes,
    boolean reachable,
    String sqlState,
    String reason) {}
