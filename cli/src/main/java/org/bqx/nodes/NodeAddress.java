package org.bqx.nodes;

import java.util.Map;

/**
 * Where a node is, and how the front logs in there.
 *
 * @param node its name on the front
 * @param host name or address, as the front's server knows it
 * @param port TCP port
 * @param database name of the database
 * @param user role that the front uses there
 * @param options further options of libpq, such as sslmode
 */
public record NodeAddress(
    String node, String host, int port, String database, String user, Map<String, String> options) {
  /** The role that a node's migration makes for a front. */
  public static final String USUAL_USER = "bqx_front";

  /** Copies the options. */
  public NodeAddress {
    options = Map.copyOf(options);
  }
}
