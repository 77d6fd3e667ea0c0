package org.bqx.cli;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bqx.connection.Database;
import org.bqx.engine.EngineName;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.migrations.Migrations;
import org.bqx.terminal.Printable;
import org.bqx.terminal.Quantity;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.output.MigrateResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "migrate",
    description = "Bring the database's schema and the Java functions up to date.")
final class MigrateCommand implements Runnable {
  private static final String PLACEHOLDER = "flyway.placeholders.";

  /** The settings that make a front: what computes its rows are its nodes. */
  static final Map<String, String> FRONT = Map.of(PLACEHOLDER + "engine", "nodes");

  @ParentCommand private Bqx bqx;

  @Option(names = "--info", description = "list the migrations and their state, change nothing")
  private boolean info;

  @Option(names = "--target", paramLabel = "STAGE", description = "stop after this schema stage")
  private String target;

  @Option(
      names = "--placeholder",
      paramLabel = "NAME=VALUE",
      description =
          "override a placeholder, such as legacy_tables=keep or baseline_date=2021-02-01")
  private Map<String, String> placeholders = Map.of();

  @Option(
      names = "--engine",
      paramLabel = "server|client",
      description =
          "compute in the server, which takes a superuser and Java there, or in the client"
              + " (default: as before; at first by what the server offers)")
  private EngineName engine;

  @Option(
      names = "--front",
      description =
          "make this a front: a database without bars of its own, behind which several servers are"
              + " one; it stays one. See docs/scale.md")
  private boolean front;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public void run() {
    if (front && engine != null) {
      throw new Failure(
          ExitCode.USAGE,
          "--front and --engine exclude each other: a front's nodes compute",
          "choose the engine of each node: ./bqx migrate --engine, with the node's -h and -d");
    }
    Database database = bqx.database("migrate");
    // Flyway reports a server that is not there in its own words, and without a way out.
    database.checkConnection();
    if (target != null) {
      requireStage(flyway(database, Map.of()));
    }
    Flyway flyway =
        flyway(database, target == null ? Map.of() : Map.of("flyway.target", version(target)));
    if (info) {
      printInfo(flyway);
      return;
    }
    MigrateResult result = migrate(flyway);
    if (json) {
      bqx.printJson("executed", result.migrationsExecuted);
    } else {
      bqx.message(
          result.migrationsExecuted == 0
              ? "the schema is up to date"
              : Quantity.of(result.migrationsExecuted, "migration") + " done");
    }
    if (front) {
      bqx.message(bqx.next("this is a front; ./bqx node add NAME --node-host HOST"));
    }
  }

  private Flyway flyway(Database database, Map<String, String> limit) {
    Map<String, String> settings = new HashMap<>(limit);
    placeholders.forEach((name, value) -> settings.put(PLACEHOLDER + name, value));
    if (engine != null) {
      settings.put(PLACEHOLDER + "engine", engine.toString());
    }
    if (front) {
      settings.putAll(FRONT);
    }
    return Migrations.flyway(database.dataSource(), settings, bqx::message);
  }

  /** Flyway tells what it or a callback refuses by an exception of its own, in others. */
  private static MigrateResult migrate(Flyway flyway) {
    try {
      return flyway.migrate();
    } catch (FlywayException refused) {
      Throwable first = refused;
      while (first.getCause() != null) {
        first = first.getCause();
      }
      if (!(first instanceof FlywayException)) {
        throw refused;
      }
      boolean isOfACallback = first != refused;
      throw new Failure(
          isOfACallback ? ExitCode.USAGE : ExitCode.FAILED,
          first.getMessage(),
          isOfACallback ? "./bqx migrate --help" : "./bqx doctor",
          refused);
    }
  }

  private void printInfo(Flyway flyway) {
    List<MigrationInfo> all = Arrays.asList(flyway.info().all());
    if (json) {
      bqx.printJson("migrations", all.stream().map(MigrateCommand::fields).toList());
      return;
    }
    for (MigrationInfo migration : all) {
      Map<String, String> fields = fields(migration);
      bqx.print(
          "%-9s %-44s %s"
              .formatted(fields.get("version"), fields.get("description"), fields.get("state")));
    }
  }

  private void requireStage(Flyway flyway) {
    MigrationVersion asked = MigrationVersion.fromVersion(version(target));
    if (Arrays.stream(flyway.info().all()).noneMatch(stage -> asked.equals(stage.getVersion()))) {
      throw new Failure(
          ExitCode.USAGE,
          "--target %s is no stage".formatted(target),
          "list them: ./bqx migrate --info");
    }
  }

  private static String version(String target) {
    try {
      return MigrationVersion.fromVersion(target).getVersion();
    } catch (FlywayException wrong) {
      throw new Failure(
          ExitCode.USAGE,
          "--target %s is no version".formatted(Printable.quoted(target)),
          "list them: ./bqx migrate --info",
          wrong);
    }
  }

  private static Map<String, String> fields(MigrationInfo migration) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(
        "version", migration.getVersion() == null ? "" : migration.getVersion().getVersion());
    fields.put("description", migration.getDescription());
    fields.put("state", migration.getState().getDisplayName());
    return fields;
  }
}
