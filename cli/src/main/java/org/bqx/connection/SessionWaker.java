package org.bqx.connection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Wakes sessions that were told to cancel while they wait, for a lock above all.
 *
 * <p>PL/Java's virtual machine takes the server's signals without setting the latch that a waiting
 * session sleeps on, so that it looks at the cancellation when something else wakes it: half a
 * minute later, or never. The request to log its memory sets that latch. Only superusers may make
 * it, unless they let others; whoever may not waits.
 */
final class SessionWaker {
  private static final String IS_NEEDED =
      """
      SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pljava')
          AND has_function_privilege('pg_log_backend_memory_contexts(integer)', 'EXECUTE')
      """;

  private static final String WAKE =
      """
      SELECT pg_log_backend_memory_contexts(pid) FROM pg_stat_activity
      WHERE pid = ANY (?) AND state = 'active' AND wait_event IS NOT NULL
      """;

  private Boolean needed;

  /**
   * Wakes those of the sessions that run a statement and wait.
   *
   * @param connection a session of its own
   * @param sessions process ids
   */
  void wake(Connection connection, List<Integer> sessions) throws SQLException {
    if (isNeeded(connection)) {
      try (PreparedStatement wake = connection.prepareStatement(WAKE)) {
        wake.setArray(1, connection.createArrayOf("int4", sessions.toArray()));
        wake.execute();
      }
    }
  }

  /** Returns whether waking does something, as far as is known yet. */
  boolean mayBeNeeded() {
    return needed == null || needed;
  }

  private boolean isNeeded(Connection connection) throws SQLException {
    if (needed == null) {
      try (Statement statement = connection.createStatement();
          ResultSet answer = statement.executeQuery(IS_NEEDED)) {
        answer.next();
        needed = answer.getBoolean(1);
      }
    }
    return needed;
  }
}
