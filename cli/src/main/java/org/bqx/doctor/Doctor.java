package org.bqx.doctor;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.nodes.NodeMap;
import org.flywaydb.core.api.FlywayException;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * Looks at what bqx needs and what it has. Each check is a transaction of its own. Its failure is a
 * finding, so that a broken check hides nothing of the others.
 */
public final class Doctor implements AutoCloseable {
  static final String MIGRATE = "./bqx migrate";

  private static final String AGAIN = "./bqx doctor";

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  /** A check; adds what it finds. */
  private interface Check {
    void run(String name, List<Finding> findings) throws IOException, SQLException;
  }

  private final Connection connection;
  private final DSLContext sql;
  private final boolean isFront;
  private final ServerChecks server;
  private final JavaChecks java;
  private final SchemaChecks schema;
  private final NodeChecks nodes;
  private final DataChecks data;

  /** Connects to look at {@code database}. */
  public Doctor(Database database) {
    connection = database.connect();
    sql = Sql.on(connection);
    isFront = NodeMap.isFront(sql);
    server = new ServerChecks(database, sql);
    java = new JavaChecks(sql, isFront);
    schema = new SchemaChecks(database, sql);
    nodes = new NodeChecks(database);
    data = new DataChecks(database, sql);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** Returns all findings, in an order in which errors are best mended. */
  public List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            "java",
            "this program runs on Java %s (%s)"
                .formatted(System.getProperty("java.version"), System.getProperty("java.home"))));
    check("server", findings, server::version);
    check("server java", findings, java::runtime);
    check("schema", findings, schema::migrations);
    boolean hasSchema = !isLost() && hasSchema();
    if (isFront) {
      check("nodes", findings, nodes::nodes);
    } else if (hasSchema) {
      check("functions", findings, java::functions);
    }
    if (hasSchema) {
      check("roles", findings, schema::roles);
      check("baselines", findings, data::baselines);
      check("bars", findings, data::bars);
      check("gaps", findings, data::gaps);
      check("partitions", findings, data::partitions);
      check("correlations", findings, data::correlations);
      if (!isFront) {
        check("statistics", findings, data::statistics);
      }
    }
    check("settings", findings, server::settings);
    check("disk", findings, server::disk);
    return findings;
  }

  /** Looks into the catalogue, since to_regclass fails for who may not use the schema. */
  private boolean hasSchema() {
    return sql.fetchSingle(
            """
            SELECT EXISTS (
                SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'bqx' AND c.relname = 'progress')
            """)
        .into(Boolean.class);
  }

  private void check(String name, List<Finding> findings, Check check) {
    if (isLost()) {
      findings.add(Finding.unknown(name, "not looked at: the session is lost"));
      return;
    }
    try {
      check.run(name, findings);
    } catch (DataAccessException | FlywayException | IOException | SQLException failed) {
      SQLException refused = Reason.refusal(failed);
      findings.add(
          refused != null && INSUFFICIENT_PRIVILEGE.equals(refused.getSQLState())
              ? Finding.unknown(name, "this role may not look: " + Reason.of(failed))
              : Finding.error(name, Reason.of(failed), isLost() ? AGAIN : null));
    }
  }

  /** Whether the server has ended the session: what a check is at then says why, and no other. */
  private boolean isLost() {
    try {
      return connection.isClosed();
    } catch (SQLException broken) {
      return true;
    }
  }
}
