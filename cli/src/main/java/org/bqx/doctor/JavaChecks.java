package org.bqx.doctor;

import static org.bqx.jooq.Tables.FEATURE;
import static org.bqx.jooq.Tables.FEATURE_DEFINITION;
import static org.bqx.jooq.Tables.FUNCTIONS_JAR;

import java.util.List;
import org.bqx.engine.ClientFunctions;
import org.bqx.engine.EngineName;
import org.bqx.jooq.Routines;
import org.bqx.migrations.Migrations;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;

/**
 * The Java that computes features: the extension that runs it in the server, and its functions. A
 * server has none where the client computes.
 */
final class JavaChecks {
  /** What PL/Java says as long as it has not found or not started its virtual machine. */
  private static final String NOT_SET_UP = "55000";

  private static final String HEAP_LIMIT = "-Xmx256m -XX:+UseSerialGC";
  private static final String PLJAVA_JVM =
      "pljava.libjvm_location = '/usr/lib/jvm/NAME/lib/server/libjvm.so' (for a JDK from 24 on also"
          + " pljava.vmoptions = '-Djava.security.manager=disallow' and pljava.allow_unenforced = 'java')";

  private static final String REINSTALL =
      "./bqx psql -c \"DELETE FROM bqx.flyway_schema_history WHERE script LIKE '%functions_jar'\""
          + " && ./bqx migrate";

  private final DSLContext sql;
  private final boolean isFront;

  JavaChecks(DSLContext sql, boolean isFront) {
    this.sql = sql;
    this.isFront = isFront;
  }

  void runtime(String name, List<Finding> findings) {
    if (isFront) {
      findings.add(Finding.ok(name, "not needed: the nodes of this front compute"));
      return;
    }
    Record available =
        sql.fetchOne(
            """
            SELECT name, default_version, installed_version,
                (SELECT count(*) FROM pg_available_extensions WHERE name IN ('pljava', 'sqljrt')) AS runtimes
            FROM pg_available_extensions
            WHERE name IN ('pljava', 'sqljrt')
            ORDER BY installed_version IS NULL, name
            LIMIT 1
            """);
    if (isComputedByClient()) {
      findings.add(
          Finding.ok(name, "not needed: the client computes this database, ./bqx backfill"));
      return;
    }
    if (available == null) {
      findings.add(
          Finding.warning(
              name,
              "this server has no Java: neither extension pljava nor sqljrt is available, so the client would compute",
              Doctor.MIGRATE
                  + " (or first, on the server: make -C sqljrt && make -C sqljrt install)"));
      return;
    }
    String extension = available.get("name", String.class);
    String installed = available.get("installed_version", String.class);
    if (installed == null) {
      findings.add(
          Finding.error(
              name,
              "%s %s is available, but not installed in this database"
                  .formatted(extension, available.get("default_version", String.class)),
              Doctor.MIGRATE));
      return;
    }
    // A library's settings exist once it is loaded. A call of a function loads it.
    try {
      loadLibrary();
    } catch (DataAccessException refused) {
      if (!extension.equals("pljava") || !NOT_SET_UP.equals(refused.sqlState())) {
        throw refused;
      }
      findings.add(Finding.error(name, Reason.of(refused), setInDatabase(PLJAVA_JVM)));
      return;
    }
    String library = setting(extension + ".libjvm_location");
    String runs =
        "%s %s runs functions; Java %s".formatted(extension, installed, javaVersion(library));
    findings.add(
        sql.connectionResult(Migrations::hasOlderSqljrt)
            ? Finding.warning(
                name,
                "%s; the server has %s"
                    .formatted(runs, available.get("default_version", String.class)),
                Doctor.MIGRATE)
            : Finding.ok(name, runs));
    String options = setting("pljava.vmoptions");
    if (options != null && !options.contains("-Xmx")) {
      findings.add(
          Finding.warning(
              name,
              "pljava.vmoptions sets no -Xmx: each session's heap may grow to a quarter of the memory",
              setInDatabase(
                  "pljava.vmoptions = '%s'".formatted((options + " " + HEAP_LIMIT).strip()))));
    }
  }

  void functions(String name, List<Finding> findings) {
    if (isComputedByClient()) {
      List<String> others = ClientFunctions.ofOtherRevision(sql);
      findings.add(
          others.isEmpty()
              ? Finding.ok(name, "this program's, as the database is migrated to")
              : Finding.error(
                  name,
                  "this program computes other revisions than the database is migrated to: %s"
                      .formatted(Finding.some(others)),
                  Doctor.MIGRATE));
      return;
    }
    var installed = sql.selectFrom(FUNCTIONS_JAR).fetchOne();
    if (installed == null) {
      findings.add(
          Finding.error(name, "the jar of Java functions is not installed", Doctor.MIGRATE));
    } else if (lacksFunctions()) {
      findings.add(
          Finding.error(
              name,
              "the schema was restored without the Java functions, which pg_dump -n bqx leaves out",
              Doctor.MIGRATE));
    } else if (!installed.getSha256().equals(Migrations.functionsSha256())) {
      findings.add(
          Finding.error(
              name,
              "version %s is installed, this program brings another"
                  .formatted(installed.getVersion()),
              Doctor.MIGRATE));
    } else {
      List<String> lacking =
          sql.select(FEATURE.FAMILY)
              .from(FEATURE)
              .where(FEATURE.ENABLED.isTrue(), FEATURE.FUNCTIONS_VERSION.isNull())
              .orderBy(FEATURE.FAMILY_NO)
              .fetch(FEATURE.FAMILY);
      if (!lacking.isEmpty()) {
        findings.add(
            Finding.error(
                name,
                "the jar that is installed lacks families: " + Finding.some(lacking),
                REINSTALL));
      }
      List<String> changed = changedFunctions();
      findings.add(
          changed.isEmpty()
              ? Finding.ok(
                  name, "version %s, as this program brings".formatted(installed.getVersion()))
              : Finding.error(
                  name,
                  "version %s was installed, but somebody put another in its place: %s"
                      .formatted(installed.getVersion(), Finding.some(changed)),
                  REINSTALL));
    }
  }

  /** Families of which the jar in the server says something else than was noted of it. */
  private List<String> changedFunctions() {
    // Asked first: a statement that names a function needs the right to call it, called or not.
    boolean callable =
        sql.fetchOne(
                "SELECT has_function_privilege('bqx.functions_version(text)', 'EXECUTE') AS may")
            .get("may", Boolean.class);
    return !callable
        ? List.of()
        : sql.fetch(
                """
                SELECT format('%s is of %s, not of %s', family, called, noted) AS changed
                FROM (
                    SELECT family, family_no, functions_version AS noted, bqx.functions_version(family) AS called
                    FROM bqx.feature
                    WHERE functions_version IS NOT NULL
                ) f
                WHERE called <> noted
                ORDER BY family_no
                """)
            .getValues("changed", String.class);
  }

  /** Whether a migration has said so, to a role that may know. */
  private boolean isComputedByClient() {
    boolean callable =
        sql.fetchOne(
                """
                SELECT coalesce(has_function_privilege(to_regproc('bqx.engine')::oid, 'EXECUTE'), false)
                    AND has_schema_privilege(to_regnamespace('bqx')::oid, 'USAGE') AS may
                """)
            .get("may", Boolean.class);
    return callable
        && !lacksFunctions()
        && Routines.engine(sql.configuration()).equals(EngineName.CLIENT.toString());
  }

  /** Whether a jar was installed where this schema was dumped, and its functions are not here. */
  private boolean lacksFunctions() {
    boolean lacking =
        sql.fetchOne(
                """
                SELECT to_regclass('bqx.functions_jar') IS NOT NULL
                    AND to_regproc('bqx.feature_rows') IS NULL AS lacking
                """)
            .get("lacking", Boolean.class);
    return lacking && sql.fetchExists(FUNCTIONS_JAR);
  }

  /** Not ALTER SYSTEM, which knows an extension's settings in a session that has loaded it. */
  private String setInDatabase(String setting) {
    Record row = sql.fetchOne("SELECT quote_ident(current_database()) AS name");
    return "ALTER DATABASE %s SET %s".formatted(row.get("name", String.class), setting);
  }

  /** Returns a setting, null when there is none or this role may not see it. */
  private String setting(String name) {
    Record row = sql.fetchOne("SELECT setting FROM pg_settings WHERE name = ?", name);
    return row == null ? null : row.get("setting", String.class);
  }

  /** Calls a function, where there is one. */
  private void loadLibrary() {
    boolean callable =
        sql.fetchOne(
                """
                SELECT to_regprocedure('bqx.functions_version(text)') IS NOT NULL
                    AND to_regclass('bqx.feature_definition') IS NOT NULL AS there
                """)
            .get("there", Boolean.class);
    if (callable) {
      sql.select(Routines.functionsVersion(FEATURE_DEFINITION.FAMILY))
          .from(FEATURE_DEFINITION)
          .orderBy(FEATURE_DEFINITION.FAMILY_NO)
          .limit(1)
          .fetch();
    }
  }

  /** A JDK says its version in its file release, which superusers alone may read there. */
  private String javaVersion(String library) {
    if (library == null || library.isEmpty()) {
      return "of unknown version";
    }
    String release = library.replaceFirst("/lib/([^/]+/)?libjvm\\.[a-z]+$", "/release");
    boolean readable =
        sql.fetchOne(
                "SELECT has_function_privilege('pg_read_file(text,bigint,bigint,boolean)', 'EXECUTE') AS may")
            .get("may", Boolean.class);
    String content =
        readable
            ? sql.fetchOne("SELECT pg_read_file(?, 0, 10000, true) AS content", release)
                .get("content", String.class)
            : null;
    String version =
        content == null
            ? "of unknown version"
            : content
                .lines()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .findFirst()
                .map(line -> line.substring(line.indexOf('=') + 1).replace("\"", ""))
                .orElse("of unknown version");
    return "%s (%s)".formatted(version, library);
  }
}
