package org.bqx.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionSettingsTest {
  private static final ConnectionOptions NONE = new ConnectionOptions(null, null, null, null, null);

  @TempDir private Path folder;
  private final List<String> warnings = new ArrayList<>();

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
  void theServiceWinsOverTheEnvironmentAndLosesToOptions() throws IOException {
    Map<String, String> environment =
        new HashMap<>(
            service(
                """
                [prod]
                host=service-host
                port=7
                dbname=service-db
                password=service-password
                sslmode=require
                """));
    environment.putAll(Map.of("PGHOST", "x", "PGPASSWORD", "p", "PGUSER", "y"));
    ConnectionSettings settings =
        resolve(new ConnectionOptions(null, 9, null, null, "prod"), environment);
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
        new ConnectionOptions(null, null, null, null, "test"),
        Map.of("HOME", folder.toString()),
        "service \"test\"");
  }

  @Test
  void aBadPortIsNamed() {
    assertFailure(NONE, Map.of("PGPORT", "54x"), "port \"54x\" is not between 1 and 65535");
    assertFailure(NONE, Map.of("PGPORT", "70000"), "port \"70000\" is not between 1 and 65535");
  }

  @Test
  void aSocketsDirectoryLeadsToTheSocket() {
    ConnectionSettings settings =
        resolve(NONE, Map.of("PGHOST", "/var/run/postgresql", "PGDATABASE", "fx"));
    assertThat(settings.socket()).isEqualTo("/var/run/postgresql/.s.PGSQL.5432");
    assertThat(settings.url()).isEqualTo("jdbc:postgresql://localhost:5432/fx");
    assertThat(resolve(NONE, Map.of("PGHOST", "localhost")).socket()).isNull();
    assertFailure(NONE, Map.of("PGHOST", "@abstract"), "abstract socket");
  }

  @Test
  void theUrlHoldsNoSecret() {
    ConnectionSettings settings =
        new ConnectionSettings("::1", 5432, "u", "a b", Map.of("password", "secret"));
    assertThat(settings.url()).isEqualTo("jdbc:postgresql://[::1]:5432/a+b");
    assertThat(settings.toString()).doesNotContain("secret");
  }

  /** What libpq has for a service, and what the driver calls it. */
  @Test
  void everyParameterOfAServiceIsUsedOrNamed() throws IOException {
    ConnectionSettings settings =
        resolve(
            new ConnectionOptions(null, null, null, null, "quant"),
            service(
                """
                [other]
                host=elsewhere
                # a comment
                [quant]
                host=db.example
                hostaddr=127.0.0.1
                port = 6000
                user=alice
                user=bob
                dbname=quant
                connect_timeout=5
                application_name=nightly
                options=-c work_mem=64MB
                target_session_attrs=read-write
                keepalives=1
                keepalives_idle=30
                keepalives_count=3
                sslcompression=0
                sslcrl=/revoked
                ssl_min_protocol_version=TLSv1.3
                a line of its own
                [last]
                user=carol
                """));
    assertThat(settings)
        .isEqualTo(
            new ConnectionSettings(
                "127.0.0.1",
                6000,
                "alice",
                "quant",
                Map.of(
                    "connectTimeout", "5",
                    "loginTimeout", "5",
                    "ApplicationName", "nightly",
                    "options", "-c work_mem=64MB",
                    "targetServerType", "primary",
                    "tcpKeepAlive", "true",
                    "socketFactoryArg", "30,0,3")));
    assertThat(warnings)
        .containsExactly(
            "service \"quant\": passed over, since bqx has no such setting:"
                + " a line of its own, ssl_min_protocol_version, sslcompression, sslcrl");
  }

  @Test
  void aBadValueOfAServiceIsNamed() throws IOException {
    ConnectionOptions quant = new ConnectionOptions(null, null, null, null, "quant");
    assertFailure(
        quant,
        service("[quant]\nconnect_timeout=soon"),
        "connect_timeout \"soon\" is not a whole number");
    assertFailure(
        quant,
        service("[quant]\ntarget_session_attrs=best"),
        "target_session_attrs \"best\" is none of any, prefer-standby");
  }

  @Test
  void theSystemsServiceFileIsReadAfterTheUsers() throws IOException {
    Files.writeString(folder.resolve("pg_service.conf"), "[quant]\nhost=a\n[shared]\nhost=b\n");
    Map<String, String> environment = new HashMap<>(service("[quant]\nhost=mine\n"));
    environment.put("PGSYSCONFDIR", folder.toString());
    environment.put("PGSERVICE", "quant");
    assertThat(resolve(NONE, environment).host()).isEqualTo("mine");
    environment.put("PGSERVICE", "shared");
    assertThat(resolve(NONE, environment).host()).isEqualTo("b");
  }

  @Test
  void everyHostOfAListHasThePort() {
    assertThat(new ConnectionSettings("a,::1", 6000, "u", "d", Map.of()).url())
        .isEqualTo("jdbc:postgresql://a:6000,[::1]:6000/d");
  }

  @Test
  void hostsOfAListMayHavePortsOfTheirOwn() throws IOException {
    Map<String, String> environment = service("[pair]\nhost=a,::1\nport=6000,6001\ndbname=d\n");
    ConnectionSettings settings =
        resolve(new ConnectionOptions(null, null, null, null, "pair"), environment);
    assertThat(settings.url()).isEqualTo("jdbc:postgresql://a:6000,[::1]:6001/d");
    assertThat(settings.toString()).startsWith("a:6000,[::1]:6001, database d");
    assertThat(resolve(NONE, Map.of("PGHOST", "a,b", "PGPORT", "1,2", "PGDATABASE", "d")).url())
        .isEqualTo("jdbc:postgresql://a:1,b:2/d");
    assertFailure(
        NONE, Map.of("PGHOST", "a,b,c", "PGPORT", "1,2"), "2 ports are named for 3 hosts");
  }

  @Test
  void everyVariableIsUsedOrNamed() {
    ConnectionSettings settings =
        resolve(
            NONE,
            Map.of(
                "PGCONNECT_TIMEOUT", "7",
                "PGOPTIONS", "-c work_mem=32MB",
                "PGTARGETSESSIONATTRS", "any",
                "PGCHANNELBINDING", "require",
                "PGSSLCERT", "/own.crt",
                "PGSSLCRL", "/revoked",
                "PGSSLMINPROTOCOLVERSION", "TLSv1.3",
                "PGREQUIREPEER", "postgres"));
    assertThat(settings.extra())
        .isEqualTo(
            Map.of(
                "connectTimeout", "7",
                "loginTimeout", "7",
                "options", "-c work_mem=32MB",
                "targetServerType", "any",
                "channelBinding", "require",
                "sslcert", "/own.crt"));
    assertThat(warnings)
        .containsExactly(
            "environment: passed over, since bqx has no such setting: requirepeer,"
                + " ssl_min_protocol_version, sslcrl");
    assertFailure(NONE, Map.of("PGCONNECT_TIMEOUT", "soon"), "connect_timeout \"soon\"");
  }

  @Test
  void aPasswordFileIsReadAsLibpqReadsIt() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("passwords"),
            """
            #db:5432:fx:alice:comment
            other:5432:fx:alice:wrong
            db:*:fx:alice:a\\:b\\\\c:d
            *:*:*:*:last
            """);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Map<String, String> environment = new HashMap<>();
    environment.putAll(Map.of("PGHOST", "db", "PGDATABASE", "fx", "PGUSER", "alice"));
    environment.put("PGPASSFILE", file.toString());
    assertThat(resolve(NONE, environment).extra()).containsEntry("password", "a:b\\c:d");
    environment.put("PGUSER", "bob");
    assertThat(resolve(NONE, environment).extra()).containsEntry("password", "last");
    environment.put("PGPASSWORD", "own");
    assertThat(resolve(NONE, environment).extra()).containsEntry("password", "own");
    assertThat(
            resolve(
                    new ConnectionOptions(null, null, null, null, "quant"),
                    service("[quant]\nhost=db\nuser=bob\npassfile=" + file))
                .extra())
        .containsEntry("password", "last");
    assertThat(warnings).isEmpty();

    environment.remove("PGPASSWORD");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(resolve(NONE, environment).extra()).isEmpty();
    assertThat(warnings).singleElement().asString().contains("is not used: others may read it");
  }

  @Test
  void theFileOfTheHomeIsReadLikewise() throws IOException {
    Path file = Files.writeString(folder.resolve(".pgpass"), "db:5432:fx:alice:hers");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Map<String, String> environment =
        Map.of("PGHOST", "db", "PGDATABASE", "fx", "PGUSER", "alice", "HOME", folder.toString());
    assertThat(resolve(NONE, environment).extra()).containsEntry("password", "hers");
    assertThat(warnings).isEmpty();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(resolve(NONE, environment).extra()).isEmpty();
    assertThat(warnings).singleElement().asString().contains("is not used: others may read it");
    Files.delete(file);
    assertThat(resolve(NONE, environment).extra()).isEmpty();
    assertThat(warnings).hasSize(1);
  }

  private ConnectionSettings resolve(ConnectionOptions options, Map<String, String> environment) {
    return ConnectionSettings.resolve(options, environment, warnings::add);
  }

  /** Returns an environment whose service file is this. */
  private Map<String, String> service(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("services"), text);
    return Map.of("PGSERVICEFILE", file.toString());
  }

  private void assertFailure(
      ConnectionOptions options, Map<String, String> environment, String message) {
    assertThatThrownBy(() -> resolve(options, environment))
        .isInstanceOfSatisfying(
            Failure.class, f -> assertThat(f.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(message);
  }
}
