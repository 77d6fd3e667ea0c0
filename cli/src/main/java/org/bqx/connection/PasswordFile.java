package org.bqx.connection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.bqx.terminal.Printable;

/**
 * A file of passwords, read as libpq reads it: a line has host, port, database, user and password
 * between colons, {@code *} stands for any, a backslash before what is meant as it is; the first
 * line that fits counts. A file that others may read is not used.
 */
final class PasswordFile {
  private static final int PARTS = 5;

  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private final Path file;
  private final Consumer<String> warnings;

  /**
   * @param file its path
   * @param warnings takes a word on a file that is not used
   */
  PasswordFile(String file, Consumer<String> warnings) {
    this.file = Path.of(file);
    this.warnings = warnings;
  }

  /** Returns {@code ~/.pgpass}, null where there is none. */
  static PasswordFile ofHome(Map<String, String> environment, Consumer<String> warnings) {
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    Path file = Path.of(home, ".pgpass");
    return Files.exists(file) ? new PasswordFile(file.toString(), warnings) : null;
  }

  /** Returns the password of a role, null where no line fits or the file cannot be used. */
  String password(String host, int port, String database, String user) {
    List<String> wanted = List.of(host, Integer.toString(port), database, user);
    for (String line : lines()) {
      List<String> parts = parts(line);
      if (parts.size() == PARTS && fits(line, parts, wanted)) {
        return parts.get(PARTS - 1);
      }
    }
    return null;
  }

  private List<String> lines() {
    try {
      if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
        warnings.accept(
            "password file %s is not used: others may read it; chmod 600"
                .formatted(Printable.of(file.toString())));
        return List.of();
      }
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException | UnsupportedOperationException unreadable) {
      warnings.accept("password file %s cannot be read".formatted(Printable.of(file.toString())));
      return List.of();
    }
  }

  private static boolean fits(String line, List<String> parts, List<String> wanted) {
    if (line.startsWith("#")) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!parts.get(i).equals("*") && !parts.get(i).equals(wanted.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> parts(String line) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        part.append(line.charAt(++i));
      } else if (c == ':' && parts.size() < PARTS - 1) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    return parts;
  }
}
