package org.bqx.connection;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.postgresql.PGProperty;

/** What libpq's connection parameters are called by the driver. */
final class DriverProperties {
  private static final Map<String, PGProperty> SAME_VALUES =
      Map.ofEntries(
          Map.entry("password", PGProperty.PASSWORD),
          Map.entry("application_name", PGProperty.APPLICATION_NAME),
          Map.entry("options", PGProperty.OPTIONS),
          Map.entry("sslmode", PGProperty.SSL_MODE),
          Map.entry("sslnegotiation", PGProperty.SSL_NEGOTIATION),
          Map.entry("sslrootcert", PGProperty.SSL_ROOT_CERT),
          Map.entry("sslcert", PGProperty.SSL_CERT),
          Map.entry("sslkey", PGProperty.SSL_KEY),
          Map.entry("sslpassword", PGProperty.SSL_PASSWORD),
          Map.entry("channel_binding", PGProperty.CHANNEL_BINDING),
          Map.entry("require_auth", PGProperty.REQUIRE_AUTH),
          Map.entry("gssencmode", PGProperty.GSS_ENC_MODE),
          Map.entry("gsslib", PGProperty.GSS_LIB),
          Map.entry("krbsrvname", PGProperty.KERBEROS_SERVER_NAME));

  private static final Map<String, String> SERVER_TYPES =
      Map.of(
          "any", "any",
          "read-write", "primary",
          "primary", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  private static final List<String> PROBING =
      List.of("keepalives_idle", "keepalives_interval", "keepalives_count");

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> probing = new HashMap<>();

  /**
   * Takes a parameter over, by libpq's keyword or by the driver's own name.
   *
   * @return whether the driver knows it
   * @throws Failure when its value is none that it can have
   */
  boolean put(String keyword, String value) {
    PGProperty same = SAME_VALUES.get(keyword);
    if (same != null) {
      properties.put(same.getName(), value);
    } else if (PROBING.contains(keyword)) {
      probing.put(keyword, Integer.toString(number(keyword, value)));
    } else {
      switch (keyword) {
        case "connect_timeout" -> {
          // libpq's zero and less wait for ever, as the driver's zero does.
          String seconds = Integer.toString(Math.max(0, number(keyword, value)));
          properties.put(PGProperty.CONNECT_TIMEOUT.getName(), seconds);
          properties.put(PGProperty.LOGIN_TIMEOUT.getName(), seconds);
        }
        case "keepalives" ->
            properties.put(
                PGProperty.TCP_KEEP_ALIVE.getName(), Boolean.toString(number(keyword, value) != 0));
        case "target_session_attrs" ->
            properties.put(
                PGProperty.TARGET_SERVER_TYPE.getName(), oneOf(keyword, value, SERVER_TYPES));
        case "load_balance_hosts" ->
            properties.put(
                PGProperty.LOAD_BALANCE_HOSTS.getName(),
                oneOf(keyword, value, Map.of("disable", "false", "random", "true")));
        default -> {
          if (PGProperty.forName(keyword) == null) {
            return false;
          }
          properties.put(keyword, value);
        }
      }
    }
    return true;
  }

  /** Returns the values by the driver's names. */
  Map<String, String> toMap() {
    Map<String, String> all = new HashMap<>(properties);
    if (!probing.isEmpty()) {
      all.put(
          PGProperty.SOCKET_FACTORY_ARG.getName(),
          String.join(",", PROBING.stream().map(name -> probing.getOrDefault(name, "0")).toList()));
    }
    return all;
  }

  private static int number(String keyword, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException notANumber) {
      throw wrong("%s \"%s\" is not a whole number".formatted(keyword, value));
    }
  }

  private static String oneOf(String keyword, String value, Map<String, String> values) {
    String translated = values.get(value);
    if (translated == null) {
      throw wrong(
          "%s \"%s\" is none of %s"
              .formatted(
                  keyword, value, String.join(", ", values.keySet().stream().sorted().toList())));
    }
    return translated;
  }

  private static Failure wrong(String message) {
    return new Failure(
        ExitCode.USAGE, message, "correct it in the service file or the environment");
  }
}
