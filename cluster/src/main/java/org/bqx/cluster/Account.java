package org.bqx.cluster;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An account of the operating system, and how to run commands as it.
 *
 * <p>PostgreSQL refuses to run as root, so root runs it as another account by {@code setpriv},
 * which unlike su and sudo asks no PAM and leaves no process between. A command gets a bare
 * environment: the server outlives its starter and must neither keep its secrets nor obey its
 * {@code PG...} and {@code JAVA_TOOL_OPTIONS}.
 */
record Account(int uid, int gid) {

  private static final Set<String> KEPT_VARIABLES = Set.of("PATH", "LD_LIBRARY_PATH", "TMPDIR");

  static Account current() {
    UnixSystem system = new UnixSystem();
    return new Account((int) system.getUid(), (int) system.getGid());
  }

  static Account ownerOf(Path path) {
    try {
      Map<String, Object> owner = Files.readAttributes(path, "unix:uid,gid");
      return new Account((int) owner.get("uid"), (int) owner.get("gid"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the account that root runs servers as. */
  static Account postgres() {
    try {
      return new Account(id("-u"), id("-g"));
    } catch (ClusterException e) {
      throw new ClusterException(
          "PostgreSQL does not run as root, and there is no user postgres to run it as;"
              + " create one: useradd --system postgres",
          e);
    }
  }

  boolean isRoot() {
    return uid == 0;
  }

  void giveTo(Path path) {
    try {
      if (!ownerOf(path).equals(this)) {
        Files.setAttribute(path, "unix:uid", uid);
        Files.setAttribute(path, "unix:gid", gid);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs a command as this account.
   *
   * @param directory the working directory
   * @return what it wrote, both streams
   * @throws ClusterException when it fails or takes longer than the limit
   */
  String run(Path directory, Duration limit, List<String> command) {
    List<String> line = new ArrayList<>();
    if (uid != current().uid()) {
      line.addAll(List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--"));
    }
    line.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().keySet().retainAll(KEPT_VARIABLES);
    builder.environment().put("LC_ALL", "C");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process));
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new ClusterException(
            "%s did not end within %d s".formatted(command.get(0), limit.toSeconds()));
      }
      String text = output.join();
      if (process.exitValue() != 0) {
        throw new ClusterException(
            "%s failed with exit code %d: %s"
                .formatted(command.get(0), process.exitValue(), text.strip()));
      }
      return text;
    } catch (IOException e) {
      throw new ClusterException("cannot run %s: %s".formatted(line.get(0), e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while %s ran".formatted(command.get(0)), e);
    }
  }

  private static int id(String option) {
    return Integer.parseInt(
        current()
            .run(Path.of("/"), Duration.ofSeconds(10), List.of("id", option, "postgres"))
            .strip());
  }

  private static String read(Process process) {
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
