package org.bqx.connection;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;

/**
 * Where to connect, resolved the way libpq does it, so that every command reaches the server that
 * psql would reach: an option, else the service file's section, else the environment, else the
 * default. {@code ~/.pgpass} is left to the driver.
 *
 * @param host name or address, several with commas between them, or a Unix socket's directory
 * @param port TCP port
 * @param user role
 * @param database database name
 * @param extra further driver properties: password, sslmode and what a service section holds
 */
public record ConnectionSettings(
    String host, int port, String user, String database, Map<String, String> extra) {

  private static final String[] NAMING = {
    "PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGDATABASE", "PGSERVICE"
  };

  /** Copies the properties: settings do not change once resolved. */
  public ConnectionSettings {
    extra = Map.copyOf(extra);
  }

  /** Returns whether the options or the environment name a server at all. */
  public static boolean isNamed(ConnectionOptions options, Map<String, String> environment) {
    if (!options.isEmpty()) {
      return true;
    }
    for (String variable : NAMING) {
      if (environment.get(variable) != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * Resolves the settings.
   *
   * @param options from the command line
   * @param environment the process's environment
   * @param warnings takes a word on what is passed over
   * @throws Failure when the service or the port is not one, the host an abstract socket or the
   *     database a connection string
   */
  public static ConnectionSettings resolve(
      ConnectionOptions options, Map<String, String> environment, Consumer<String> warnings) {
    String service = first(options.service(), environment.get("PGSERVICE"));
    Map<String, String> section = section(service, environment);
    String host =
        first(
            options.host(),
            section.remove("hostaddr"),
            section.remove("host"),
            environment.get("PGHOSTADDR"),
            environment.get("PGHOST"),
            "localhost");
    if (host.startsWith("@")) {
      throw new Failure(
          ExitCode.USAGE,
          "host %s is an abstract socket, which Java cannot use".formatted(host),
          "name the same server by its socket's directory or by TCP: -h localhost");
    }
    String user =
        first(
            options.user(),
            section.remove("user"),
            environment.get("PGUSER"),
            System.getProperty("user.name"));
    String database =
        first(options.database(), section.remove("dbname"), environment.get("PGDATABASE"), user);
    if (database.contains("://") || database.contains("=")) {
      // It may hold a password, so it is neither printed nor sent.
      throw new Failure(
          ExitCode.USAGE,
          "the database's name is a connection string, which would show a password to all of this machine",
          "name server, role and database apart (-h -p -U -d); passwords belong in ~/.pgpass or PGPASSWORD");
    }
    String port =
        first(
            options.port() == null ? null : options.port().toString(),
            section.remove("port"),
            environment.get("PGPORT"),
            "5432");
    DriverProperties extra = new DriverProperties();
    putIfSet(extra, "password", environment.get("PGPASSWORD"));
    putIfSet(extra, "sslmode", environment.get("PGSSLMODE"));
    putIfSet(extra, "sslrootcert", environment.get("PGSSLROOTCERT"));
    List<String> unknown = new ArrayList<>();
    section.forEach(
        (keyword, value) -> {
          if (!extra.put(keyword, value)) {
            unknown.add(keyword);
          }
        });
    if (!unknown.isEmpty()) {
      warnings.accept(
          "service \"%s\": passed over, since bqx has no such setting: %s"
              .formatted(service, String.join(", ", unknown)));
    }
    return new ConnectionSettings(host, parsePort(port), user, database, extra.toMap());
  }

  /** Returns the same with a password. */
  ConnectionSettings withPassword(String password) {
    Map<String, String> more = new HashMap<>(extra);
    more.put("password", password);
    return new ConnectionSettings(host, port, user, database, more);
  }

  /** Returns the path of the server's Unix socket; null where it is reached by TCP. */
  public String socket() {
    return host.startsWith("/") ? "%s/.s.PGSQL.%d".formatted(host, port) : null;
  }

  /**
   * Returns the driver's URL, with every host of a list: no user, no password. For a Unix socket
   * the host is the one that {@code ~/.pgpass} has for it.
   */
  public String url() {
    StringJoiner hosts = new StringJoiner(",");
    for (String one : (socket() == null ? host : "localhost").split(",")) {
      hosts.add("%s:%d".formatted(one.contains(":") ? "[" + one + "]" : one, port));
    }
    return "jdbc:postgresql://%s/%s"
        .formatted(hosts, URLEncoder.encode(database, StandardCharsets.UTF_8));
  }

  /** Returns {@code user@host:port/database}, for messages. */
  @Override
  public String toString() {
    return "%s:%d, database %s, user %s".formatted(host, port, database, user);
  }

  private static Map<String, String> section(String service, Map<String, String> environment) {
    if (service == null) {
      return new HashMap<>();
    }
    Map<String, String> section = ServiceFile.of(environment).section(service);
    if (section == null) {
      throw new Failure(
          ExitCode.USAGE,
          "service \"%s\" is not in the service file".formatted(service),
          "add a section [%s] to ~/.pg_service.conf".formatted(service));
    }
    return section;
  }

  private static int parsePort(String port) {
    try {
      int number = Integer.parseInt(port);
      if (number >= 1 && number <= 65535) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw badPort(port);
    }
    throw badPort(port);
  }

  private static Failure badPort(String port) {
    return new Failure(
        ExitCode.USAGE, "port \"%s\" is not between 1 and 65535".formatted(port), null);
  }

  private static void putIfSet(DriverProperties properties, String name, String value) {
    if (value != null) {
      properties.put(name, value);
    }
  }

  private static String first(String... values) {
    for (String value : values) {
      if (value != null && !value.isEmpty()) {
        return value;
      }
    }
    return null;
  }
}
