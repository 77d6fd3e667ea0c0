package org.bqx.migrations;

import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * What Flyway calls, in a transaction, and what fails as Flyway does where the database refuses.
 */
abstract class MigrationCallback implements Callback {
  private final String name;

  /**
   * @param name as Flyway logs it
   */
  MigrationCallback(String name) {
    this.name = name;
  }

  /** Does what there is to do at an event that is supported. */
  abstract void on(Event event, Context context) throws SQLException;

  @Override
  public final void handle(Event event, Context context) {
    try {
      on(event, context);
    } catch (SQLException e) {
      throw new FlywayException(e.getMessage(), e);
    }
  }

  @Override
  public final boolean canHandleInTransaction(Event event, Context context) {
    return true;
  }

  @Override
  public final String getCallbackName() {
    return name;
  }
}
