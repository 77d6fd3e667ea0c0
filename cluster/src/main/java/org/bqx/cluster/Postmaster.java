package org.bqx.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a live postmaster says of itself in its pid file.
 *
 * <p>The file outlives a crash, and its pid may by then be another process's, so a server counts as
 * running when the process of that pid works in the data directory.
 */
record Postmaster(long pid, int port, String socketDirectory, String status) {

  boolean isReady() {
    return status.equals("ready");
  }

  /**
   * Returns the postmaster of a home while there is one.
   *
   * @throws ClusterException when the cluster is another account's
   */
  static Optional<Postmaster> of(ClusterHome home) {
    home.checkOwner();
    Path file = home.data().resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException stoppedMeanwhile) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    long pid = Long.parseLong(lines.get(0).strip());
    if (!Processes.isAlive(pid) || !Processes.worksIn(pid, home.realData(), home.account())) {
      return Optional.empty();
    }
    // The lines are appended while it starts: port and socket before the status.
    return Optional.of(
        lines.size() < 8
            ? new Postmaster(pid, 0, "", "starting")
            : new Postmaster(
                pid, Integer.parseInt(lines.get(3)), lines.get(4), lines.get(7).strip()));
  }
}
