package org.bqx.benchmarks.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches the backends of a database while they work: the largest resident size of one, without
 * shared memory (RssAnon and RssFile of {@code /proc/PID/status}), looked at ten times a second.
 * Shared buffers are the server's, however many backends have touched them; the pages of libjvm are
 * counted in each.
 */
final class BackendMemory implements AutoCloseable {
  private static final long PERIOD_MILLIS = 100;

  private final Session session;
  private final Thread thread;
  private volatile boolean ended;
  private long peakKibibytes;

  BackendMemory(BenchDatabase database) throws SQLException {
    session = database.connect();
    thread = new Thread(this::watch, "backend-memory");
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends watching and returns mebibytes, 0 where there is no {@code /proc}. */
  double peak() throws InterruptedException {
    ended = true;
    thread.join();
    return peakKibibytes / 1024.0;
  }

  @Override
  public void close() throws SQLException {
    ended = true;
    session.close();
  }

  private void watch() {
    try {
      while (!ended) {
        for (Path process : backends()) {
          peakKibibytes = Math.max(peakKibibytes, resident(process));
        }
        Thread.sleep(PERIOD_MILLIS);
      }
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Path> backends() throws SQLException {
    List<Path> processes = new ArrayList<>();
    for (List<String> row :
        session.rows(
            """
            SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend'
                AND pid <> pg_backend_pid()""")) {
      processes.add(Path.of("/proc", row.get(0), "status"));
    }
    return processes;
  }

  private static long resident(Path process) {
    try {
      return Files.readAllLines(process).stream()
          .filter(line -> line.startsWith("RssAnon:") || line.startsWith("RssFile:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException ended) {
      return 0;
    }
  }
}
