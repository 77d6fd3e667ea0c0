package org.bqx.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Refuses placeholders that nothing reads, that are no value, or that come too late: windows and
 * baseline date are chosen once, when their stage makes what they are for, and the database keeps
 * them. A value that says what the database has already is no mistake, and the defaults say
 * nothing.
 */
public final class PlaceholderCheck extends MigrationCallback {
  private static final String PREFIX = "flyway.placeholders.";
  private static final String BASELINE_DATE = "baseline_date";
  private static final String WINDOWS = "_windows";

  private final Set<String> given;

  /** For Flyway's own programs, which do not say what was given: what is not the default was. */
  public PlaceholderCheck() {
    this(Set.of());
  }

  /**
   * @param given names of placeholders that somebody has given a value, be it the default
   */
  PlaceholderCheck(Set<String> given) {
    super("placeholder check");
    this.given = Set.copyOf(given);
  }

  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.BEFORE_MIGRATE;
  }

  @Override
  void on(Event event, Context context) throws SQLException {
    Properties defaults = Migrations.defaults();
    Map<String, String> placeholders = new TreeMap<>(context.getConfiguration().getPlaceholders());
    for (Map.Entry<String, String> placeholder : placeholders.entrySet()) {
      String name = placeholder.getKey();
      String usual = defaults.getProperty(PREFIX + name);
      if (usual == null) {
        throw new FlywayException(
            "there is no placeholder %s: there are %s"
                .formatted(
                    name,
                    defaults.stringPropertyNames().stream()
                        .filter(property -> property.startsWith(PREFIX))
                        .map(property -> property.substring(PREFIX.length()))
                        .sorted()
                        .toList()));
      }
      if (given.contains(name) || !placeholder.getValue().equals(usual)) {
        check(context.getConnection(), name, placeholder.getValue());
      }
    }
  }

  private static void check(Connection connection, String name, String value) throws SQLException {
    if (name.equals(BASELINE_DATE)) {
      checkDate(value);
      refuseAnother(
          name,
          value,
          one(
              connection,
              "to_regprocedure('bqx.default_baseline_date()')",
              "SELECT bqx.default_baseline_date()::text WHERE ? IS NOT NULL",
              name),
          "SELECT bqx.set_baseline('PAIR', '%s') sets a pair's".formatted(value));
    } else if (name.endsWith(WINDOWS)) {
      String family = name.substring(0, name.length() - WINDOWS.length());
      refuseAnother(
          name,
          value.replace(" ", ""),
          one(
              connection,
              "to_regclass('bqx.feature')",
              "SELECT array_to_string(windows, ',') FROM bqx.feature WHERE family = ?",
              family),
          "SELECT bqx.define_family('%s', windows => '{%s}') changes them"
              .formatted(family, value));
    }
  }

  private static void checkDate(String value) {
    try {
      LocalDate.parse(value);
    } catch (DateTimeException malformed) {
      throw new FlywayException(
          "placeholder baseline_date is \"%s\": must be a date such as 2024-07-01"
              .formatted(value));
    }
  }

  private static void refuseAnother(String name, String value, String kept, String instead) {
    if (kept != null && !kept.equals(value)) {
      throw new FlywayException(
          "placeholder %s=%s comes too late: this database was made with %s; %s"
              .formatted(name, value, kept, instead));
    }
  }

  /** Returns what the database has, null where what holds it is not there yet. */
  private static String one(Connection connection, String holder, String query, String argument)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT " + holder)) {
      row.next();
      if (row.getString(1) == null) {
        return null;
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, argument);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getString(1) : null;
      }
    }
  }
}
