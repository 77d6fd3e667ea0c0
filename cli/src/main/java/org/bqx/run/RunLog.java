package org.bqx.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.jooq.Routines;
import org.bqx.partition.Work;
import org.jooq.JSONB;
import org.jooq.exception.DataAccessException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The row of {@code bqx.run} that says who runs this, when, with which parameters, and how it
 * ended. Its connection stays open: the lock that it holds is what says that the run goes on.
 */
final class RunLog implements AutoCloseable {
  private static final int ATTEMPTS = 3;
  private static final int ANSWER_MILLIS = 60_000;

  private final Database database;
  private final int runId;
  private Connection connection;

  RunLog(Database database, BackfillRequest request, RunSettings settings, boolean follow)
      throws SQLException {
    this.database = database;
    connection = connect();
    runId =
        Routines.startRun(
            Sql.on(connection).configuration(),
            JSONB.valueOf(
                JsonMapper.shared().writeValueAsString(parameters(request, settings, follow))),
            settings.keepRuns());
  }

  /** Closes the row. An interrupt, which cancels whatever runs, may hit this too. */
  void finish(BackfillOutcome outcome) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        Routines.finishRun(
            Sql.on(connection).configuration(),
            runId,
            name(outcome),
            outcome.planned(),
            outcome.done(),
            outcome.failed().size(),
            outcome.rows());
        return;
      } catch (DataAccessException refused) {
        if (attempt == ATTEMPTS) {
          throw refused;
        }
        if (!outcome.stopped()) {
          connection = connect();
        }
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  private Connection connect() throws SQLException {
    Connection connected = database.connect();
    connected.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
    return connected;
  }

  private static String name(BackfillOutcome outcome) {
    if (outcome.stopped()) {
      return "interrupted";
    }
    if (!outcome.failed().isEmpty()) {
      return "failed";
    }
    return outcome.held().isEmpty() ? "done" : "held";
  }

  private static Map<String, Object> parameters(
      BackfillRequest request, RunSettings settings, boolean follow) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    if (request.work() != Work.FEATURES) {
      parameters.put("work", request.work().name().toLowerCase(Locale.ROOT));
    }
    parameters.put("family", orAll(request.range().families()));
    parameters.put("pairs", orAll(request.range().pairs()));
    parameters.put("from", text(request.range().from()));
    parameters.put("to", text(request.range().to()));
    parameters.put("workers", request.workers());
    parameters.put("force", request.force());
    parameters.put("newestFirst", settings.newestFirst());
    parameters.put("retry", settings.retry());
    parameters.put("failFast", settings.failFast());
    parameters.put("follow", follow);
    return parameters;
  }

  private static Object orAll(List<String> names) {
    return names.isEmpty() ? "all" : names;
  }

  private static String text(YearMonth month) {
    return month == null ? null : month.toString();
  }
}
