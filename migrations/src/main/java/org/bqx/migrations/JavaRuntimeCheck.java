package org.bqx.migrations;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.Set;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Stops a migration before it makes anything, the schema included, where the server cannot run Java
 * or the user may not install it.
 */
public final class JavaRuntimeCheck implements Callback {
  private static final Set<Event> EVENTS =
      EnumSet.of(Event.BEFORE_CREATE_SCHEMA, Event.BEFORE_BASELINE, Event.BEFORE_MIGRATE);

  @Override
  public boolean supports(Event event, Context context) {
    return EVENTS.contains(event);
  }

  @Override
  public boolean canHandleInTransaction(Event event, Context context) {
    return true;
  }

  @Override
  public String getCallbackName() {
    return "java runtime check";
  }

  @Override
  public void handle(Event event, Context context) {
    try (Statement statement = context.getConnection().createStatement()) {
      statement.execute(
          """
          DO $$
          BEGIN
              IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
                  RAISE EXCEPTION 'role "%" is not a superuser: installing Java functions takes one', current_user
                      USING ERRCODE = 'insufficient_privilege';
              END IF;
              IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name IN ('pljava', 'sqljrt')) THEN
                  RAISE EXCEPTION 'this server has no Java: neither extension pljava nor sqljrt is available'
                      USING ERRCODE = 'feature_not_supported',
                          HINT = format('Install one of them on the server: "apt-get install postgresql-%1$s-pljava"'
                              ' or, in a checkout of bqx, "make -C sqljrt && make -C sqljrt install".',
                              current_setting('server_version_num')::int / 10000);
              END IF;
          END
          $$
          """);
    } catch (SQLException e) {
      throw new FlywayException(e.getMessage(), e);
    }
  }
}
