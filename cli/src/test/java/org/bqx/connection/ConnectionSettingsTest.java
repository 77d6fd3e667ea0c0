package org.bqx.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Properties;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.junit.jupiter.api.Test;

class ConnectionSettingsTest {
  private static final ConnectionOptions NONE = new ConnectionOptions(null, null, null, null, null);

  @Test
  void nothingSetNamesNoServer() {
    assertThat(ConnectionSettings.isNamed(NONE, Map.of("PGPASSWORD", "x", "PGSSLMODE", "require")))
        .isFalse();
  }

  @Test
  void anOptionOrAVariableNamesAServer() {
    assertThat(ConnectionSettings.isNamed(NONE, Map.of("PGHOST", "db"))).isTrue();
    assertThat(ConnectionSettings.isNamed(NONE, Map.of("PGSERVICE", "prod"))).isTrue();
    assertThat(
            ConnectionSettings.isNamed(
                new ConnectionOptions(null, null, null, "fx", null), Map.of()))
        .isTrue();
  }

  @Test
  void optionsWinOverTheEnvironment() {
    ConnectionSettings settings =
        resolve(
            new ConnectionOptions("a", 1, "b", "c", null),
            Map.of("PGHOST", "x", "PGPORT", "2", "PGUSER", "y", "PGDATABASE", "z"));
    assertThat(settings).isEqualTo(new ConnectionSettings("a", 1, "b", "c", Map.of()));
  }

  @Test
  void theEnvironmentWinsOverTheDefaults() {
    ConnectionSettings settings =
        resolve(
            NONE,
            Map.of(
                "PGHOST",
                "x",
                "PGPORT",
                "2",
                "PGUSER",
                "y",
                "PGPASSWORD",
                "p",
                "PGSSLMODE",
                "verify-full"));
    assertThat(settings)
        .isEqualTo(
            new ConnectionSettings(
                "x", 2, "y", "y", Map.of("password", "p", "sslmode", "verify-full")));
  }

  @Test
  void defaultsAreLibpqs() {
    String user = System.getProperty("user.name");
    assertThat(resolve(NONE, Map.of()))
        .isEqualTo(new ConnectionSettings("localhost", 5432, user, user, Map.of()));
  }

  /** libpq fills from the service file before it looks at the environment. */
  @Test
  void theServiceWinsOverTheEnvironmentAndLosesToOptions() {
    ConnectionSettings settings =
        resolve(
            new ConnectionOptions(null, 9, null, null, "prod"),
            Map.of("PGHOST", "x", "PGPASSWORD", "p", "PGUSER", "y"));
    assertThat(settings)
        .isEqualTo(
            new ConnectionSettings(
                "service-host",
                9,
                "y",
                "service-db",
                Map.of("password", "service-password", "sslmode", "require")));
  }

  @Test
  void anUnknownServiceIsNamed() {
    assertFailure(
        new ConnectionOptions(null, null, null, null, "test"), Map.of(), "service \"test\"");
  }

  @Test
  void aBadPortIsNamed() {
    assertFailure(NONE, Map.of("PGPORT", "54x"), "port \"54x\" is not between 1 and 65535");
    assertFailure(NONE, Map.of("PGPORT", "70000"), "port \"70000\" is not between 1 and 65535");
  }

  @Test
  void aSocketDirectoryIsRefusedWithAWayOut() {
    assertFailure(NONE, Map.of("PGHOST", "/var/run/postgresql"), "socket directory");
  }

  @Test
  void theUrlHoldsNoSecret() {
    ConnectionSettings settings =
        new ConnectionSettings("::1", 5432, "u", "a b", Map.of("password", "secret"));
    assertThat(settings.url()).isEqualTo("jdbc:postgresql://[::1]:5432/a+b");
    assertThat(settings.toString()).doesNotContain("secret");
  }

  private static ConnectionSettings resolve(
      ConnectionOptions options, Map<String, String> environment) {
    return ConnectionSettings.resolve(options, environment, ConnectionSettingsTest::serviceFile);
  }

  private static Properties serviceFile(String name) {
    if (!name.equals("prod")) {
      return null;
    }
    Properties section = new Properties();
    section.setProperty("PGHOST", "service-host");
    section.setProperty("PGPORT", "7");
    section.setProperty("PGDBNAME", "service-db");
    section.setProperty("password", "service-password");
    section.setProperty("sslmode", "require");
    return section;
  }

  private static void assertFailure(
      ConnectionOptions options, Map<String, String> environment, String message) {
    assertThatThrownBy(() -> resolve(options, environment))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(message);
  }
}
