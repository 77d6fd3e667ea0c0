package org.bqx.connection;

import java.sql.Connection;
import java.sql.SQLException;
import org.bqx.failure.Failure;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;

/** What gives a role the right that the server says it lacks. */
public final class MissingRight {
  private static final String OWNER = "connect as a superuser or a member of bqx_owner (-U)";

  private MissingRight() {}

  /**
   * Returns what to type, by the roles that the session's role has.
   *
   * @param migrates whether it was a migration that was refused
   * @param isOwners whether the command is the owner's alone, whatever it was refused first
   * @param message what the server said, which names what it refused
   */
  public static String remedy(
      Database database, boolean migrates, boolean isOwners, String message) {
    if (migrates) {
      return "connect as a superuser (-U); docs/install.md has what another role needs";
    } else if (isOwners) {
      return OWNER;
    }
    try (Connection connection = database.connect()) {
      Record role =
          Sql.on(connection)
              .fetchSingle(
                  """
                  SELECT quote_ident(current_user) AS role,
                      coalesce((SELECT pg_has_role(oid, 'USAGE') FROM pg_roles WHERE rolname = 'bqx_runner'), false) AS runs,
                      coalesce((SELECT pg_has_role(oid, 'USAGE') FROM pg_roles WHERE rolname = 'bqx_reader'), false) AS reads,
                      EXISTS (
                          SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                          WHERE n.nspname = 'bqx' AND ? ~ ('\\m' || p.proname || '\\M')
                              AND EXISTS (SELECT FROM pg_roles WHERE rolname = 'bqx_runner')
                              AND NOT has_function_privilege('bqx_runner', p.oid, 'EXECUTE')) AS owned
                  """,
                  message);
      if (role.get("runs", Boolean.class) || role.get("owned", Boolean.class)) {
        return OWNER;
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
