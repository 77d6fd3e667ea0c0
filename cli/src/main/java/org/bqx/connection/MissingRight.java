package org.bqx.connection;

import java.sql.Connection;
import java.sql.SQLException;
import org.bqx.failure.Failure;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;

/** What gives a role the right that the server says it lacks. */
public final class MissingRight {
  private MissingRight() {}

  /**
   * Returns what to type, by the roles that the session's role has.
   *
   * @param migrates whether it was a migration that was refused
   */
  public static String remedy(Database database, boolean migrates) {
    if (migrates) {
      return "connect as a superuser (-U); docs/install.md has what another role needs";
    }
    try (Connection connection = database.connect()) {
      Record role =
          Sql.on(connection)
              .fetchSingle(
                  """
                  SELECT quote_ident(current_user) AS role,
                      coalesce((SELECT pg_has_role(oid, 'USAGE') FROM pg_roles WHERE rolname = 'bqx_runner'), false) AS runs,
                      coalesce((SELECT pg_has_role(oid, 'USAGE') FROM pg_roles WHERE rolname = 'bqx_reader'), false) AS reads
                  """);
      if (role.get("runs", Boolean.class)) {
        return "connect as the owner of what is named, or as a superuser (-U)";
      }
      return "GRANT bqx_runner TO %s (as a superuser%s)"
          .formatted(
              role.get("role", String.class),
              role.get("reads", Boolean.class) ? "" : "; bqx_reader is enough to read");
    } catch (Failure | DataAccessException | SQLException unknown) {
      return "GRANT bqx_runner or bqx_reader to this role (as a superuser)";
    }
  }
}
