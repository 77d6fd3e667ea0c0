package org.bqx.cluster;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * How to reach a running server, as its superuser.
 *
 * @param host always {@code 127.0.0.1}: the server listens nowhere else
 * @param port TCP port, also the number in the socket's name
 * @param user the superuser
 * @param password the superuser's password
 * @param socketDirectory directory of the Unix socket, open to the server's account and root alone
 * @param passwordFile a libpq password file (for {@code PGPASSFILE}) that holds this password
 */
public record ServerAddress(
    String host, int port, String user, String password, Path socketDirectory, Path passwordFile) {

  /** Returns the JDBC URL of a database, without user and password. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://%s:%d/%s"
        .formatted(host, port, URLEncoder.encode(database, StandardCharsets.UTF_8));
  }

  /** Returns the address for messages: without the password. */
  @Override
  public String toString() {
    return "%s:%d, user %s".formatted(host, port, user);
  }
}
