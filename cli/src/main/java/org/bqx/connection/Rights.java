package org.bqx.connection;

import java.sql.Connection;
import java.sql.SQLException;
import org.bqx.failure.Failure;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;

/**
 * What a role may do beyond reading, which is what a next step may ask for.
 *
 * @param isSuperuser whether it may do everything
 * @param migrates whether it may migrate: a superuser, who owns the schema, or who may make the
 *     roles where there are none yet
 * @param ownsDatabase whether it may change the database's settings
 * @param ownsSchema whether it may change what {@code bqx_owner} owns
 * @param computes whether it is a member of {@code bqx_runner}, or may do what one may
 */
public record Rights(
    boolean isSuperuser,
    boolean migrates,
    boolean ownsDatabase,
    boolean ownsSchema,
    boolean computes) {
  /** Of a role of which nothing is known: no step is another's. */
  public static final Rights ALL = new Rights(true, true, true, true, true);

  /** Returns the rights of the role that a database is connected to by. */
  public static Rights read(Database database) {
    try (Connection connection = database.connect()) {
      Record role =
          Sql.on(connection)
              .fetchSingle(
                  """
                  SELECT r.rolsuper AS super, r.rolcreaterole AS creates,
                      (SELECT pg_has_role(d.datdba, 'USAGE') FROM pg_database d WHERE d.datname = current_database()) AS owns,
                      (SELECT pg_has_role(o.oid, 'USAGE') FROM pg_roles o WHERE o.rolname = 'bqx_owner') AS owner,
                      (SELECT pg_has_role(o.oid, 'USAGE') FROM pg_roles o WHERE o.rolname = 'bqx_runner') AS runner
                  FROM pg_roles r
                  WHERE r.rolname = current_user
                  """);
      boolean isSuperuser = is(role, "super");
      boolean isOwner = isSuperuser || is(role, "owner");
      return new Rights(
          isSuperuser,
          isOwner || role.get("owner") == null && is(role, "creates"),
          isSuperuser || is(role, "owns"),
          isOwner,
          isOwner || is(role, "runner"));
    } catch (Failure | DataAccessException | SQLException unknown) {
      return ALL;
    }
  }

  private static boolean is(Record role, String column) {
    return Boolean.TRUE.equals(role.get(column, Boolean.class));
  }
}
