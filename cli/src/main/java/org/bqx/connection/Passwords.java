package org.bqx.connection;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bqx.cluster.ServerAddress;

/**
 * Passwords of servers beside the one that a command names: those of private servers, which this
 * program has made, and those of the file that libpq would read.
 */
public final class Passwords {
  /** None at all. */
  static final Passwords NONE = new Passwords(List.of(), null);

  private final List<ServerAddress> servers;
  private final PasswordFile file;

  private Passwords(List<ServerAddress> servers, PasswordFile file) {
    this.servers = servers;
    this.file = file;
  }

  /**
   * Returns those that can be known.
   *
   * @param environment the process's, whose PGPASSFILE or HOME says which file
   * @param servers private ones
   * @param warnings takes a word on a file that is not used
   */
  public static Passwords of(
      Map<String, String> environment, List<ServerAddress> servers, Consumer<String> warnings) {
    String named = environment.get("PGPASSFILE");
    return new Passwords(
        List.copyOf(servers),
        named == null || named.isEmpty()
            ? PasswordFile.ofHome(environment, warnings)
            : new PasswordFile(named, warnings));
  }

  /** Returns the password of a role, null where it is not known. */
  public String of(String host, int port, String database, String user) {
    for (ServerAddress server : servers) {
      if (server.host().equals(host) && server.port() == port && server.user().equals(user)) {
        return server.password();
      }
    }
    return file == null ? null : file.password(host, port, database, user);
  }
}
