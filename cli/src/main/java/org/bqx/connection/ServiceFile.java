package org.bqx.connection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.failure.IoReason;

/**
 * The connection service files, read as libpq reads them: the user's, which {@code PGSERVICEFILE}
 * may name, then the system's.
 *
 * <p>The driver has a reader of its own. That one drops a whole file for one line whose parameter
 * the driver does not have.
 */
final class ServiceFile {
  private static final String SYSTEM_FOLDER = "/etc/postgresql-common";

  private final List<Path> files;

  private ServiceFile(List<Path> files) {
    this.files = files;
  }

  /** Returns the files that libpq looks at in an environment. */
  static ServiceFile of(Map<String, String> environment) {
    String own = environment.get("PGSERVICEFILE");
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    return new ServiceFile(
        List.of(
            own == null ? Path.of(home, ".pg_service.conf") : Path.of(own),
            Path.of(environment.getOrDefault("PGSYSCONFDIR", SYSTEM_FOLDER), "pg_service.conf")));
  }

  /**
   * Returns a section's values by libpq's keywords, in the file's order; null when there is no such
   * section. Of a keyword that is given twice the first value counts.
   *
   * @throws Failure when a file is there and cannot be read
   */
  Map<String, String> section(String service) {
    for (Path file : files) {
      Map<String, String> section = Files.exists(file) ? section(file, service) : null;
      if (section != null) {
        return section;
      }
    }
    return null;
  }

  private static Map<String, String> section(Path file, String service) {
    Map<String, String> section = null;
    for (String line : lines(file)) {
      String text = line.strip();
      if (text.startsWith("[")) {
        if (section != null) {
          return section;
        }
        section = text.equals("[" + service + "]") ? new LinkedHashMap<>() : null;
      } else if (section != null && !text.isEmpty() && !text.startsWith("#")) {
        int equals = text.indexOf('=');
        String keyword = equals < 0 ? text : text.substring(0, equals).strip();
        section.putIfAbsent(keyword, equals < 0 ? "" : text.substring(equals + 1).strip());
      }
    }
    return section;
  }

  private static List<String> lines(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException unreadable) {
      throw new Failure(
          ExitCode.USAGE,
          "cannot read the service file %s: %s".formatted(file, IoReason.withoutFile(unreadable)),
          null,
          unreadable);
    }
  }
}
