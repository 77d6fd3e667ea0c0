package org.bqx.migrations;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/** Tells which settings a migration has given every session of the database. */
final class DatabaseSettings extends MigrationCallback {
  private static final String SETTINGS =
      """
      SELECT unnest(setconfig)
      FROM pg_db_role_setting
      WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
      """;

  private final Consumer<String> notices;
  private Set<String> before = Set.of();

  DatabaseSettings(Consumer<String> notices) {
    super("settings of the database");
    this.notices = notices;
  }

  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.BEFORE_MIGRATE || event == Event.AFTER_MIGRATE_OPERATION_FINISH;
  }

  @Override
  void on(Event event, Context context) throws SQLException {
    Set<String> settings = settings(context.getConnection());
    if (event == Event.BEFORE_MIGRATE) {
      before = settings;
      return;
    }
    settings.removeAll(before);
    if (!settings.isEmpty()) {
      notices.accept(
          "set for every session of this database: "
              + settings.stream()
                  .map(setting -> setting.replaceFirst("=", " = "))
                  .collect(Collectors.joining(", ")));
    }
  }

  private static Set<String> settings(Connection connection) throws SQLException {
    Set<String> settings = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(SETTINGS)) {
      while (rows.next()) {
        settings.add(rows.getString(1));
      }
    }
    return settings;
  }
}
