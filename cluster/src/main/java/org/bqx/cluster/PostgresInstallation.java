package org.bqx.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs of a PostgreSQL server installed on this machine.
 *
 * <p>Looked for where {@code PG_CONFIG} points, then in the folders of the Debian and Red Hat
 * packages (newest first), then where the {@code pg_config} on the {@code PATH} points. Debian
 * keeps the server's programs off the {@code PATH} on purpose, so the {@code PATH} comes last.
 *
 * @param binDirectory the folder of {@code initdb}, {@code pg_ctl}, {@code postgres}
 * @param major the major version
 * @param version the whole version, such as {@code 15.20}
 */
public record PostgresInstallation(Path binDirectory, int major, String version) {

  static final int OLDEST = 15;
  static final int NEWEST = 18;

  private static final Duration TIME_LIMIT = Duration.ofSeconds(10);
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) ((\\d+)[^\\s]*)");
  private static final List<String> PACKAGE_FOLDERS =
      List.of("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin");

  /**
   * Returns the installation to make new clusters with.
   *
   * @throws ClusterException when there is none of a supported version
   */
  public static PostgresInstallation find() {
    List<PostgresInstallation> all = all(System.getenv(), PACKAGE_FOLDERS);
    return all.stream()
        .filter(i -> i.major >= OLDEST && i.major <= NEWEST)
        .findFirst()
        .orElseThrow(() -> missing(all));
  }

  /**
   * Returns the installation of one major version: data of one cannot be served by another.
   *
   * @throws ClusterException when that version is not installed
   */
  public static PostgresInstallation find(int major) {
    return all(System.getenv(), PACKAGE_FOLDERS).stream()
        .filter(i -> i.major == major)
        .findFirst()
        .orElseThrow(
            () ->
                new ClusterException(
                    "no PostgreSQL %d server is installed; install it: apt-get install postgresql-%d"
                        .formatted(major, major)));
  }

  /** Returns the path of one of the installation's programs, such as {@code psql}. */
  public Path program(String name) {
    return binDirectory.resolve(name);
  }

  static List<PostgresInstallation> all(Map<String, String> environment, List<String> folders) {
    List<PostgresInstallation> found = new ArrayList<>();
    String chosen = environment.get("PG_CONFIG");
    if (chosen != null && !chosen.isEmpty()) {
      Path folder = binDirectoryOf(chosen);
      if (!isServer(folder)) {
        throw new ClusterException(
            "PG_CONFIG is %s, whose folder %s has no PostgreSQL server".formatted(chosen, folder));
      }
      found.add(at(folder));
    }
    List<PostgresInstallation> packaged = new ArrayList<>();
    for (String pattern : folders) {
      int star = pattern.indexOf('*');
      Path parent = Path.of(pattern.substring(0, pattern.lastIndexOf('/', star) + 1));
      String name = pattern.substring(pattern.lastIndexOf('/', star) + 1, pattern.indexOf("/bin"));
      if (Files.isDirectory(parent)) {
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(parent, name)) {
          for (Path version : versions) {
            if (isServer(version.resolve("bin"))) {
              packaged.add(at(version.resolve("bin")));
            }
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    packaged.sort(Comparator.comparingInt(PostgresInstallation::major).reversed());
    found.addAll(packaged);
    for (String folder : environment.getOrDefault("PATH", "").split(":")) {
      Path pgConfig = Path.of(folder, "pg_config");
      if (Files.isExecutable(pgConfig)) {
        Path bin = binDirectoryOf(pgConfig.toString());
        if (isServer(bin)) {
          found.add(at(bin));
        }
      }
    }
    return found;
  }

  private static Path binDirectoryOf(String pgConfig) {
    return Path.of(
        Account.current().run(Path.of("/"), TIME_LIMIT, List.of(pgConfig, "--bindir")).strip());
  }

  private static boolean isServer(Path folder) {
    return Files.isExecutable(folder.resolve("postgres"))
        && Files.isExecutable(folder.resolve("initdb"))
        && Files.isExecutable(folder.resolve("pg_ctl"));
  }

  private static PostgresInstallation at(Path folder) {
    String answer =
        Account.current()
            .run(
                Path.of("/"),
                TIME_LIMIT,
                List.of(folder.resolve("postgres").toString(), "--version"));
    Matcher matcher = VERSION.matcher(answer);
    if (!matcher.find()) {
      throw new ClusterException(
          "%s/postgres --version answered \"%s\"".formatted(folder, answer.strip()));
    }
    return new PostgresInstallation(folder, Integer.parseInt(matcher.group(2)), matcher.group(1));
  }

  private static ClusterException missing(List<PostgresInstallation> unsupported) {
    return new ClusterException(
        unsupported.isEmpty()
            ? "no PostgreSQL server is installed; install one: apt-get install postgresql"
            : "PostgreSQL %s in %s is not supported; install one of %d to %d: apt-get install postgresql"
                .formatted(
                    unsupported.get(0).version(),
                    unsupported.get(0).binDirectory(),
                    OLDEST,
                    NEWEST));
  }
}
