package org.bqx.connection;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;

/**
 * Where to connect, resolved the way libpq does it, so that every command reaches the server that
 * psql would reach: an option, else the service file's section, else the environment, else the
 * default. A password that is not given comes from {@code PGPASSFILE} or {@code ~/.pgpass}.
 *
 * @param host name or address, several with commas between them, or a Unix socket's directory
 * @param ports TCP ports: one of all hosts, or one a host in their order
 * @param user role
 * @param database database name
 * @param extra further driver properties: password, sslmode and what a service section holds
 */
public record ConnectionSettings(
    String host, List<Integer> ports, String user, String database, Map<String, String> extra) {

  private static final String[] NAMING = {
    "PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGDATABASE", "PGSERVICE"
  };

  /** Variables of the environment by libpq's keywords. */
  private static final Map<String, String> VARIABLES =
      Map.ofEntries(
          Map.entry("PGPASSWORD", "password"),
          Map.entry("PGCONNECT_TIMEOUT", "connect_timeout"),
          Map.entry("PGOPTIONS", "options"),
          Map.entry("PGSSLMODE", "sslmode"),
          Map.entry("PGSSLNEGOTIATION", "sslnegotiation"),
          Map.entry("PGSSLROOTCERT", "sslrootcert"),
          Map.entry("PGSSLCERT", "sslcert"),
          Map.entry("PGSSLKEY", "sslkey"),
          Map.entry("PGCHANNELBINDING", "channel_binding"),
          Map.entry("PGREQUIREAUTH", "require_auth"),
          Map.entry("PGGSSENCMODE", "gssencmode"),
          Map.entry("PGGSSLIB", "gsslib"),
          Map.entry("PGKRBSRVNAME", "krbsrvname"),
          Map.entry("PGTARGETSESSIONATTRS", "target_session_attrs"),
          Map.entry("PGLOADBALANCEHOSTS", "load_balance_hosts"),
          Map.entry("PGSSLCRL", "sslcrl"),
          Map.entry("PGSSLCRLDIR", "sslcrldir"),
          Map.entry("PGSSLCERTMODE", "sslcertmode"),
          Map.entry("PGSSLCOMPRESSION", "sslcompression"),
          Map.entry("PGSSLSNI", "sslsni"),
          Map.entry("PGSSLMINPROTOCOLVERSION", "ssl_min_protocol_version"),
          Map.entry("PGSSLMAXPROTOCOLVERSION", "ssl_max_protocol_version"),
          Map.entry("PGREQUIREPEER", "requirepeer"),
          Map.entry("PGGSSDELEGATION", "gssdelegation"));

  /** Copies the properties: settings do not change once resolved. */
  public ConnectionSettings {
    ports = List.copyOf(ports);
    extra = Map.copyOf(extra);
  }

  /** Settings of one host, or of several that have the same port. */
  public ConnectionSettings(
      String host, int port, String user, String database, Map<String, String> extra) {
    this(host, List.of(port), user, database, extra);
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
    List<Integer> ports = parsePorts(port, host);
    String passwordFile = first(section.remove("passfile"), environment.get("PGPASSFILE"));
    DriverProperties extra = new DriverProperties();
    take(extra, variables(environment), "environment", warnings);
    take(extra, section, "service \"%s\"".formatted(service), warnings);
    Map<String, String> properties = extra.toMap();
    PasswordFile passwords =
        passwordFile == null
            ? PasswordFile.ofHome(environment, warnings)
            : new PasswordFile(passwordFile, warnings);
    if (passwords != null && !properties.containsKey("password")) {
      String password =
          passwords.password(
              host.startsWith("/") ? "localhost" : host.split(",")[0],
              ports.get(0),
              database,
              user);
      if (password != null) {
        properties.put("password", password);
      }
    }
    return new ConnectionSettings(host, ports, user, database, properties);
  }

  /** Returns what the environment sets, by libpq's keywords. */
  private static Map<String, String> variables(Map<String, String> environment) {
    Map<String, String> values = new HashMap<>();
    VARIABLES.forEach(
        (variable, keyword) -> {
          String value = environment.get(variable);
          if (value != null && !value.isEmpty()) {
            values.put(keyword, value);
          }
        });
    return values;
  }

  private static void take(
      DriverProperties properties,
      Map<String, String> values,
      String from,
      Consumer<String> warnings) {
    List<String> unknown = new ArrayList<>();
    values.forEach(
        (keyword, value) -> {
          if (!properties.put(keyword, value)) {
            unknown.add(keyword);
          }
        });
    if (!unknown.isEmpty()) {
      warnings.accept(
          "%s: passed over, since bqx has no such setting: %s"
              .formatted(from, String.join(", ", new TreeSet<>(unknown))));
    }
  }

  /** Returns the same with a password. */
  ConnectionSettings withPassword(String password) {
    Map<String, String> more = new HashMap<>(extra);
    more.put("password", password);
    return new ConnectionSettings(host, ports, user, database, more);
  }

  /**
   * Returns the same role and properties at another server, with the password that is known for
   * that one; this one's where none is, as psql takes PGPASSWORD wherever it connects to.
   */
  ConnectionSettings at(
      String otherHost, int otherPort, String otherDatabase, Passwords passwords) {
    ConnectionSettings other =
        new ConnectionSettings(otherHost, otherPort, user, otherDatabase, extra);
    String password = passwords.of(otherHost, otherPort, otherDatabase, user);
    return password == null ? other : other.withPassword(password);
  }

  /** Returns the port of the first host. */
  public int port() {
    return ports.get(0);
  }

  /** Returns the path of the server's Unix socket; null where it is reached by TCP. */
  public String socket() {
    return host.startsWith("/") ? "%s/.s.PGSQL.%d".formatted(host, port()) : null;
  }

  /**
   * Returns the driver's URL, with every host of a list: no user, no password. For a Unix socket
   * the host is the one that {@code ~/.pgpass} has for it.
   */
  public String url() {
    return "jdbc:postgresql://%s/%s"
        .formatted(
            servers(socket() == null ? host : "localhost"),
            URLEncoder.encode(database, StandardCharsets.UTF_8));
  }

  private String servers(String hosts) {
    StringJoiner servers = new StringJoiner(",");
    String[] each = hosts.split(",");
    for (int i = 0; i < each.length; i++) {
      servers.add(
          "%s:%d"
              .formatted(
                  each[i].contains(":") ? "[" + each[i] + "]" : each[i],
                  ports.get(Math.min(i, ports.size() - 1))));
    }
    return servers.toString();
  }

  /** Returns {@code user@host:port/database}, for messages. */
  @Override
  public String toString() {
    return "%s, database %s, user %s"
        .formatted(
            host.indexOf(',') < 0 ? "%s:%d".formatted(host, port()) : servers(host),
            database,
            user);
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

  private static List<Integer> parsePorts(String ports, String hosts) {
    List<Integer> numbers =
        Arrays.stream(ports.split(",")).map(port -> parsePort(port.strip())).toList();
    int servers = hosts.split(",").length;
    if (numbers.size() > 1 && numbers.size() != servers) {
      throw new Failure(
          ExitCode.USAGE,
          "%d ports are named for %d hosts".formatted(numbers.size(), servers),
          "name one port for all hosts, or one a host");
    }
    return numbers;
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

  private static String first(String... values) {
    for (String value : values) {
      if (value != null && !value.isEmpty()) {
        return value;
      }
    }
    return null;
  }
}
