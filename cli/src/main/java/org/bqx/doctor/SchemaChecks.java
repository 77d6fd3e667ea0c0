package org.bqx.doctor;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bqx.connection.Database;
import org.bqx.migrations.Migrations;
import org.bqx.terminal.Quantity;
import org.flywaydb.core.Flyway;
import org.jooq.DSLContext;
import org.jooq.Record;

/** The schema: its migrations, and what the role may do in it. */
final class SchemaChecks {
  private final Database database;
  private final DSLContext sql;

  SchemaChecks(Database database, DSLContext sql) {
    this.database = database;
    this.sql = sql;
  }

  void migrations(String name, List<Finding> findings) {
    Flyway flyway = Migrations.flyway(database.dataSource(), Map.of());
    List<String> pending =
        Arrays.stream(flyway.info().pending())
            .map(
                migration ->
                    migration.getVersion() == null
                        ? migration.getDescription()
                        : migration.getVersion().getVersion())
            .toList();
    if (!pending.isEmpty()) {
      findings.add(
          Finding.error(
              name,
              "%s pending: %s"
                  .formatted(Quantity.of(pending.size(), "migration"), Finding.some(pending)),
              Doctor.MIGRATE));
      return;
    }
    List<String> changed =
        flyway.validateWithResult().invalidMigrations.stream()
            .map(invalid -> invalid.version.isEmpty() ? invalid.description : invalid.version)
            .toList();
    findings.add(
        changed.isEmpty()
            ? Finding.ok(name, "no migration is pending")
            : Finding.error(
                name,
                "%s not what it was at its run: %s"
                    .formatted(Quantity.of(changed.size(), "migration"), Finding.some(changed)),
                "./bqx migrate --info (a database of another release is migrated by that release)"));
  }

  void roles(String name, List<Finding> findings) {
    Record row =
        sql.fetchOne(
            """
            SELECT current_user AS role, quote_ident(current_user) AS quoted,
                pg_has_role('bqx_runner', 'USAGE') AS runs,
                pg_has_role('bqx_reader', 'USAGE') OR pg_has_role('bqx_runner', 'USAGE') AS reads
            """);
    String role = row.get("role", String.class);
    String grant =
        "GRANT bqx_runner TO %s (as a superuser)".formatted(row.get("quoted", String.class));
    if (row.get("runs", Boolean.class)) {
      findings.add(Finding.ok(name, "role %s may compute and read".formatted(role)));
    } else if (row.get("reads", Boolean.class)) {
      findings.add(
          Finding.warning(name, "role %s may read, but not compute".formatted(role), grant));
    } else {
      findings.add(
          Finding.error(
              name,
              "role %s is a member neither of bqx_runner nor of bqx_reader".formatted(role),
              grant));
    }
  }
}
