package org.bqx.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Processes of servers: whether they live, where they work, and their end. */
final class Processes {

  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(20);
  private static final long POLL_MILLIS = 50;

  private Processes() {}

  /**
   * A dead process whose parent does not collect it, as in containers without init, is not alive.
   */
  static boolean isAlive(long pid) {
    if (!ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
      return false;
    }
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    try {
      String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
      return line.charAt(line.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException goneOrNoProc) {
      return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
  }

  /** Returns whether a live process works in a directory; true where {@code /proc} is missing. */
  static boolean worksIn(long pid, Path directory, Account account) {
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      return true;
    }
    Path link = Path.of("/proc", Long.toString(pid), "cwd");
    try {
      return Files.readSymbolicLink(link).equals(directory);
    } catch (IOException refused) {
      // Root in a container may not look at others' processes, the server's account may.
      return worksInAskedAs(account, link, directory);
    }
  }

  private static boolean worksInAskedAs(Account account, Path link, Path directory) {
    try {
      return account
          .run(Path.of("/"), COMMAND_LIMIT, List.of("readlink", link.toString()))
          .strip()
          .equals(directory.toString());
    } catch (ClusterException anotherAccounts) {
      return false;
    }
  }

  /** Returns the pids of PostgreSQL's processes that work in a directory. */
  static List<Long> serversIn(Path directory, Account account) {
    return account
        .run(
            Path.of("/"),
            COMMAND_LIMIT,
            List.of(
                "sh",
                "-c",
                """
                for process in /proc/[0-9]*; do
                  case $(readlink "$process/exe") in
                    */postgres*)
                      test "$(readlink "$process/cwd")" != "$0" || echo "${process#/proc/}" ;;
                  esac
                done 2>/dev/null
                true
                """,
                directory.toString()))
        .lines()
        .map(Long::valueOf)
        .toList();
  }

  /** Kills processes, and waits until they are gone. */
  static void kill(List<Long> pids, Account account) {
    // The shell's own kill: a minimal system has no program of that name.
    List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -9 \"$@\"", "sh"));
    pids.forEach(pid -> command.add(pid.toString()));
    try {
      account.run(Path.of("/"), COMMAND_LIMIT, command);
    } catch (ClusterException e) {
      if (pids.stream().anyMatch(Processes::isAlive)) {
        throw e;
      }
    }
    long deadline = System.nanoTime() + COMMAND_LIMIT.toNanos();
    while (pids.stream().anyMatch(Processes::isAlive)) {
      if (System.nanoTime() > deadline) {
        throw new ClusterException("processes %s do not end".formatted(pids));
      }
      pause();
    }
  }

  /** Waits for a moment, between one look and the next. */
  static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted", e);
    }
  }
}
