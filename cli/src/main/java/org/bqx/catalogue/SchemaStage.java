package org.bqx.catalogue;

import static org.bqx.jooq.Tables.FLYWAY_SCHEMA_HISTORY;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Objects;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.nodes.NodeMap;
import org.flywaydb.core.api.MigrationVersion;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/** The stage that a database's schema has come to, and the stage that something needs. */
public final class SchemaStage {
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private SchemaStage() {}

  /**
   * Checks that the schema has come to a stage.
   *
   * @param who what needs it, for the message
   * @param stage such as 1.5.2
   * @throws Failure when it has not; whether somebody may read it, is for others to say
   */
  public static void require(Database database, String who, String stage) {
    try {
      Connection connection = database.connect();
      MigrationVersion reached = of(Sql.on(connection));
      database.giveBack(connection);
      if (reached == null || reached.compareTo(MigrationVersion.fromVersion(stage)) < 0) {
        throw needed(who + " cannot work yet", reached, stage, "./bqx migrate");
      }
    } catch (DataAccessException refused) {
      if (!INSUFFICIENT_PRIVILEGE.equals(refused.sqlState())) {
        throw Failure.of(refused);
      }
    } catch (SQLException broken) {
      throw Failure.of(broken);
    }
  }

  /** Returns whether a database is a server that computes, and so no front of others. */
  public static boolean isServer(Database database) throws SQLException {
    Connection connection = database.connect();
    DSLContext sql = Sql.on(connection);
    boolean isServer = of(sql) != null && !NodeMap.isFront(sql);
    database.giveBack(connection);
    return isServer;
  }

  /** Returns the stage that was reached, null where there is no schema. */
  static MigrationVersion of(DSLContext sql) {
    boolean exists =
        sql.select(
                DSL.field(
                    "to_regclass({0}) IS NOT NULL",
                    Boolean.class, DSL.val("bqx.flyway_schema_history")))
            .fetchSingle()
            .value1();
    return !exists
        ? null
        : sql
            .select(FLYWAY_SCHEMA_HISTORY.VERSION)
            .from(FLYWAY_SCHEMA_HISTORY)
            .where(FLYWAY_SCHEMA_HISTORY.SUCCESS)
            .fetch(FLYWAY_SCHEMA_HISTORY.VERSION)
            .stream()
            .filter(Objects::nonNull)
            .map(MigrationVersion::fromVersion)
            .max(Comparator.naturalOrder())
            .orElse(null);
  }

  static Failure needed(String what, MigrationVersion reached, String stage, String next) {
    return new Failure(
        ExitCode.FAILED,
        "%s: the schema is %s, stage %s is needed"
            .formatted(what, reached == null ? "not there" : "at stage " + reached, stage),
        next);
  }
}
