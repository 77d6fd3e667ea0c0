package org.bqx.migrations;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * The schema of bqx as Flyway migrations, one version a schema stage.
 *
 * <p>Settings come from {@code flyway.conf} beside this class, which {@code mvn flyway:migrate}
 * reads too: both ways to migrate are one configuration.
 */
public final class Migrations {
  /** Where the migrations are that only a front has. */
  static final String FRONT = "org/bqx/front";

  private static final String PLACEHOLDER = "flyway.placeholders.";

  private Migrations() {}

  /**
   * Flyway over one database.
   *
   * @param dataSource connects as a superuser, which installing Java functions takes; where a
   *     client computes, as a role with CREATEROLE that may create a schema
   * @param settings Flyway properties that override {@code flyway.conf}, such as {@code
   *     flyway.placeholders.legacy_tables} or {@code flyway.target}
   */
  public static Flyway flyway(PinnedDataSource dataSource, Map<String, String> settings) {
    return flyway(dataSource, settings, notice -> {});
  }

  /**
   * Flyway over one database, as above.
   *
   * @param notices is told what the user may not expect of a migration
   */
  public static Flyway flyway(
      PinnedDataSource dataSource, Map<String, String> settings, Consumer<String> notices) {
    FluentConfiguration configuration = Flyway.configure(Migrations.class.getClassLoader());
    configuration.configuration(defaults());
    if (isFront(dataSource, settings)) {
      configuration.configuration(frontDefaults());
    }
    configuration.configuration(settings);
    configuration.callbacks(
        new EngineCallback(notices),
        new DatabaseSettings(notices),
        new CommittedStages(),
        new PlaceholderCheck(
            settings.keySet().stream()
                .filter(name -> name.startsWith(PLACEHOLDER))
                .map(name -> name.substring(PLACEHOLDER.length()))
                .collect(Collectors.toSet())));
    return configuration.dataSource(dataSource).load();
  }

  /**
   * Returns whether a database is the front of several servers, its nodes: whether its migrations
   * are those of a front.
   */
  public static boolean isFront(Connection connection) throws SQLException {
    return Engine.isFront(connection);
  }

  /** What is to become a front is told so; what is one says so itself. */
  private static boolean isFront(PinnedDataSource dataSource, Map<String, String> settings) {
    if (Engine.NODES.sqlName().equals(settings.get(PLACEHOLDER + Engine.PLACEHOLDER))) {
      return true;
    }
    try (Connection connection = dataSource.getConnection()) {
      return isFront(connection);
    } catch (SQLException unreachable) {
      return false; // Flyway says why.
    }
  }

  /**
   * Returns the SHA-256 of the jar of Java functions that these migrations install, in hexadecimal:
   * what {@code bqx.functions_jar} says of a database that has it.
   */
  public static String functionsSha256() {
    return new FunctionsJar().sha256();
  }

  /**
   * Returns whether the server has a newer sqljrt than the database: to migrate renews it. A newer
   * PL/Java is its administrator's affair.
   */
  public static boolean hasOlderSqljrt(Connection connection) throws SQLException {
    return FunctionsJar.hasOlderSqljrt(connection);
  }

  static Properties defaults() {
    return properties("flyway.conf");
  }

  /** Returns what a front has instead. */
  static Properties frontDefaults() {
    return properties("/" + FRONT + "/front.conf");
  }

  private static Properties properties(String name) {
    Properties defaults = new Properties();
    try (InputStream conf = Migrations.class.getResourceAsStream(name)) {
      defaults.load(conf);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return defaults;
  }
}
