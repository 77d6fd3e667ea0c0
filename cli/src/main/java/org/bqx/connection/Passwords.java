package org.bqx.connection;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Passwords of servers beside the one that a command names, from files that are libpq's. */
public final class Passwords {
  /** No file at all. */
  static final Passwords NONE = new Passwords(List.of());

  private final List<PasswordFile> files;

  private Passwords(List<PasswordFile> files) {
    this.files = files;
  }

  /**
   * Returns those of the file that libpq would read, and of further ones.
   *
   * @param environment the process's, whose PGPASSFILE or HOME says which file
   * @param more further files, in libpq's format
   * @param warnings takes a word on a file that is not used
   */
  public static Passwords of(
      Map<String, String> environment, List<Path> more, Consumer<String> warnings) {
    List<PasswordFile> files = new ArrayList<>();
    String named = environment.get("PGPASSFILE");
    PasswordFile own =
        named == null || named.isEmpty()
            ? PasswordFile.ofHome(environment, warnings)
            : new PasswordFile(named, warnings);
    if (own != null) {
      files.add(own);
    }
    more.forEach(file -> files.add(new PasswordFile(file.toString(), warnings)));
    return new Passwords(files);
  }

  /** Returns the password of a role, null where no file has it. */
  public String of(String host, int port, String database, String user) {
    return files.stream()
        .map(file -> file.password(host, port, database, user))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
