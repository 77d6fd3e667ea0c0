package org.bqx.connection;

/**
 * The connection as named on the command line; null where it is not.
 *
 * @param host name or address
 * @param port TCP port
 * @param user role
 * @param database database name
 * @param service section of the service file
 */
public record ConnectionOptions(
    String host, Integer port, String user, String database, String service) {

  /** Returns whether no option is given. */
  public boolean isEmpty() {
    return host == null && port == null && user == null && database == null && service == null;
  }
}
