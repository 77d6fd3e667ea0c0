package org.bqx.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresInstallationTest {

  @TempDir Path root;

  @Test
  void packagesComeNewestFirstAndByNumber() throws IOException {
    install("9.6", "9.6.24");
    install("14", "14.1 (Debian 14.1-1)");
    install("17", "17beta1");
    assertThat(find(Map.of()))
        .extracting(PostgresInstallation::version)
        .containsExactly("17beta1", "14.1", "9.6.24");
    assertThat(find(Map.of())).extracting(PostgresInstallation::major).containsExactly(17, 14, 9);
  }

  @Test
  void clientsWithoutAServerDoNotCount() throws IOException {
    Path bin = install("15", "15.2");
    Files.delete(bin.resolve("initdb"));
    assertThat(find(Map.of())).isEmpty();
  }

  @Test
  void pgConfigComesBeforePackagesAndThePathAfter() throws IOException {
    install("15", "15.2");
    Path chosen = install("own", "14.9");
    Path onPath = install("path", "16.3");
    assertThat(
            find(
                Map.of(
                    "PG_CONFIG",
                    chosen.resolve("pg_config").toString(),
                    "PATH",
                    "/nowhere:" + onPath)))
        .extracting(PostgresInstallation::version)
        .startsWith("14.9")
        .endsWith("16.3");
  }

  @Test
  void pgConfigOfNoServerIsAnError() throws IOException {
    Path bin = install("15", "15.2");
    Files.delete(bin.resolve("postgres"));
    assertThatThrownBy(() -> find(Map.of("PG_CONFIG", bin.resolve("pg_config").toString())))
        .hasMessage(
            "PG_CONFIG is %s/pg_config, whose folder %s has no PostgreSQL server"
                .formatted(bin, bin));
  }

  private List<PostgresInstallation> find(Map<String, String> environment) {
    return PostgresInstallation.all(
        environment, List.of(root + "/*/bin", root + "/missing/pgsql-*/bin"));
  }

  private Path install(String folder, String version) throws IOException {
    Path bin = Files.createDirectories(root.resolve(folder).resolve("bin"));
    script(bin.resolve("postgres"), "echo 'postgres (PostgreSQL) " + version + "'");
    script(bin.resolve("initdb"), "exit 1");
    script(bin.resolve("pg_ctl"), "exit 1");
    script(bin.resolve("pg_config"), "echo " + bin);
    return bin;
  }

  private static void script(Path path, String body) throws IOException {
    Files.writeString(path, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
