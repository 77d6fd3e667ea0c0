package org.bqx.doctor;

import static org.bqx.jooq.Tables.FEATURE;
import static org.bqx.jooq.Tables.FEATURE_DEFINITION;
import static org.bqx.jooq.Tables.FUNCTIONS_JAR;
import static org.bqx.jooq.Tables.M1_MONTH;
import static org.bqx.jooq.Tables.PROGRESS;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.min;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.engine.ClientFunctions;
import org.bqx.engine.EngineName;
import org.bqx.failure.Failure;
import org.bqx.gaps.BarsSummary;
import org.bqx.gaps.GapStore;
import org.bqx.gaps.MissingBaseline;
import org.bqx.jooq.Routines;
import org.bqx.migrations.Migrations;
import org.bqx.nodes.NodeDifference;
import org.bqx.nodes.NodeFact;
import org.bqx.nodes.NodeMap;
import org.bqx.nodes.NodeStore;
import org.bqx.nodes.Reach;
import org.bqx.partition.PartitionState;
import org.bqx.partition.ProgressFields;
import org.bqx.partition.Work;
import org.bqx.terminal.Quantity;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;

/**
 * Looks at what bqx needs and what it has. Each check is a transaction of its own and its failure a
 * finding, so that a broken one hides nothing of the others.
 */
public final class Doctor implements AutoCloseable {
  private static final int OLDEST_SERVER = 15;
  private static final int NEWEST_SERVER = 18;
  private static final int LISTED = 5;
  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final double LEAST_FREE = 0.1;
  private static final String MIGRATE = "./bqx migrate";

  /** What PL/Java says as long as it has not found or not started its virtual machine. */
  private static final String NOT_SET_UP = "55000";

  private static final String HEAP_LIMIT = "-Xmx256m -XX:+UseSerialGC";
  private static final String PLJAVA_JVM =
      "pljava.libjvm_location = '/usr/lib/jvm/NAME/lib/server/libjvm.so' (for a JDK from 24 on also"
          + " pljava.vmoptions = '-Djava.security.manager=disallow' and pljava.allow_unenforced = 'java')";

  private static final String REINSTALL =
      "./bqx psql -c \"DELETE FROM bqx.flyway_schema_history WHERE script LIKE '%functions_jar'\""
          + " && ./bqx migrate";

  /** A check; adds what it finds. */
  private interface Check {
    void run(String name, List<Finding> findings) throws IOException, SQLException;
  }

  private final Database database;
  private final Connection connection;
  private final DSLContext sql;
  private final boolean isFront;
  private final Reach reach;

  /** Connects to look at {@code database}. */
  public Doctor(Database database) {
    this.database = database;
    connection = database.connect();
    sql = Sql.on(connection);
    isFront = NodeMap.isFront(sql);
    reach = Reach.of(sql);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** Returns all findings, in an order in which errors are best mended. */
  public List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            "java",
            "this program runs on Java %s (%s)"
                .formatted(System.getProperty("java.version"), System.getProperty("java.home"))));
    check("server", findings, this::server);
    check("server java", findings, this::runtime);
    check("schema", findings, this::migrations);
    boolean hasSchema =
        Boolean.TRUE.equals(
            sql.fetchOne("SELECT to_regclass('bqx.progress') IS NOT NULL AS found")
                .get("found", Boolean.class));
    if (isFront) {
      check("nodes", findings, this::nodes);
    } else if (hasSchema) {
      check("functions", findings, this::functions);
    }
    if (hasSchema) {
      check("roles", findings, this::roles);
      check("baselines", findings, this::baselines);
      check("bars", findings, this::bars);
      check("gaps", findings, this::gaps);
      check("partitions", findings, this::partitions);
      check("correlations", findings, this::correlations);
      if (!isFront) {
        check("statistics", findings, this::statistics);
      }
    }
    check("settings", findings, this::settings);
    check("disk", findings, this::disk);
    return findings;
  }

  private static void check(String name, List<Finding> findings, Check check) {
    try {
      check.run(name, findings);
    } catch (DataAccessException | FlywayException | IOException | SQLException failed) {
      SQLException refused = refusal(failed);
      if (refused == null) {
        findings.add(Finding.error(name, oneLine(failed), null));
      } else if (INSUFFICIENT_PRIVILEGE.equals(refused.getSQLState())) {
        findings.add(Finding.unknown(name, "this role may not look: " + text(refused)));
      } else {
        findings.add(Finding.error(name, text(refused), null));
      }
    }
  }

  /** Returns what the server refused, null when it was not the server. */
  private static SQLException refusal(Throwable failed) {
    Throwable cause = failed;
    while (cause != null && !(cause instanceof SQLException)) {
      cause = cause.getCause();
    }
    return (SQLException) cause;
  }

  private static String text(SQLException refused) {
    return "%s [%s]"
        .formatted(Failure.message(refused).replaceAll("\\s+", " "), refused.getSQLState());
  }

  private static String oneLine(Throwable thrown) {
    return String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
  }

  private void server(String name, List<Finding> findings) {
    Record row =
        sql.fetchOne(
            """
            SELECT current_setting('server_version') AS version,
                current_setting('server_version_num')::int / 10000 AS major
            """);
    int major = row.get("major", Integer.class);
    String message =
        "PostgreSQL %s at %s".formatted(row.get("version", String.class), database.settings());
    findings.add(
        major >= OLDEST_SERVER && major <= NEWEST_SERVER
            ? Finding.ok(name, message)
            : Finding.warning(
                name,
                "%s: bqx is tested on %d to %d".formatted(message, OLDEST_SERVER, NEWEST_SERVER),
                "./bqx test"));
  }

  /** Each node is to answer, and to be as the front has it. */
  private void nodes(String name, List<Finding> findings) throws SQLException {
    List<NodeFact> all;
    List<NodeDifference> differences;
    try (NodeStore store = new NodeStore(database)) {
      all = store.list();
      differences = store.check();
    }
    if (all.isEmpty()) {
      findings.add(
          Finding.error(name, "this front has none", "./bqx node add NAME --node-host HOST"));
    }
    for (NodeFact node : all) {
      List<String> wrong =
          differences.stream()
              .filter(one -> one.node().equals(node.node()))
              .map(NodeDifference::text)
              .toList();
      if (!node.reachable()) {
        findings.add(
            Finding.error(
                name,
                "%s at %s:%d does not answer: %s [%s]"
                    .formatted(
                        node.node(),
                        node.host(),
                        node.port(),
                        node.reason().replaceAll("\\s+", " "),
                        node.sqlState()),
                "./bqx node list"));
      } else if (!wrong.isEmpty()) {
        findings.add(
            Finding.error(
                name,
                "%s is not as the front has it: %s".formatted(node.node(), some(wrong)),
                "./bqx node check"));
      } else {
        findings.add(
            Finding.ok(
                name,
                "%s at %s:%d has %s, functions, windows and baselines as the front has them"
                    .formatted(
                        node.node(), node.host(), node.port(), Quantity.of(node.pairs(), "pair"))));
      }
    }
  }

  private void runtime(String name, List<Finding> findings) {
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
              MIGRATE + " (or first, on the server: make -C sqljrt && make -C sqljrt install)"));
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
              MIGRATE));
      return;
    }
    // A library's settings exist once it is loaded. A call of a function loads it.
    try {
      loadLibrary();
    } catch (DataAccessException refused) {
      if (!extension.equals("pljava") || !NOT_SET_UP.equals(refused.sqlState())) {
        throw refused;
      }
      findings.add(Finding.error(name, text(refusal(refused)), setInDatabase(PLJAVA_JVM)));
      return;
    }
    String library = setting(extension + ".libjvm_location");
    findings.add(
        Finding.ok(
            name,
            "%s %s runs functions; Java %s".formatted(extension, installed, javaVersion(library))));
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

  private void migrations(String name, List<Finding> findings) {
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
              "%s pending: %s".formatted(Quantity.of(pending.size(), "migration"), some(pending)),
              MIGRATE));
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
                    .formatted(Quantity.of(changed.size(), "migration"), some(changed)),
                "./bqx migrate --info (a database of another release is migrated by that release)"));
  }

  private void functions(String name, List<Finding> findings) throws IOException {
    if (isComputedByClient()) {
      List<String> others = ClientFunctions.ofOtherRevision(sql);
      findings.add(
          others.isEmpty()
              ? Finding.ok(name, "this program's, as the database is migrated to")
              : Finding.error(
                  name,
                  "this program computes other revisions than the database is migrated to: %s"
                      .formatted(some(others)),
                  MIGRATE));
      return;
    }
    var installed = sql.selectFrom(FUNCTIONS_JAR).fetchOne();
    if (installed == null) {
      findings.add(Finding.error(name, "the jar of Java functions is not installed", MIGRATE));
    } else if (lacksFunctions()) {
      findings.add(
          Finding.error(
              name,
              "the schema was restored without the Java functions, which pg_dump -n bqx leaves out",
              MIGRATE));
    } else if (!installed.getSha256().equals(bundledSha256())) {
      findings.add(
          Finding.error(
              name,
              "version %s is installed, this program brings another"
                  .formatted(installed.getVersion()),
              MIGRATE));
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
                name, "the jar that is installed lacks families: " + some(lacking), REINSTALL));
      }
      List<String> changed = changedFunctions();
      findings.add(
          changed.isEmpty()
              ? Finding.ok(
                  name, "version %s, as this program brings".formatted(installed.getVersion()))
              : Finding.error(
                  name,
                  "version %s was installed, but somebody put another in its place: %s"
                      .formatted(installed.getVersion(), some(changed)),
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

  private static String bundledSha256() throws IOException {
    try (InputStream jar = Migrations.class.getResourceAsStream("bqx-functions.jar")) {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(jar.readAllBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void roles(String name, List<Finding> findings) {
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

  private void baselines(String name, List<Finding> findings) throws SQLException {
    List<MissingBaseline> missing;
    try (GapStore store = new GapStore(database)) {
      missing = store.missingBaselines();
    }
    findings.add(
        missing.isEmpty()
            ? Finding.ok(name, "every pair that has bars has one")
            : Finding.error(
                name,
                "%s without a baseline: %s"
                    .formatted(
                        Quantity.of(missing.size(), "pair"),
                        some(missing.stream().map(MissingBaseline::text).toList())),
                missing.get(0).command()));
  }

  private void bars(String name, List<Finding> findings) {
    List<String> gaps =
        sql.fetch(
                """
                SELECT pair || ' ' || to_char(month, 'YYYY-MM') AS gap
                FROM (
                    SELECT pair, generate_series(min(month)::timestamp, max(month)::timestamp, INTERVAL '1 month')::date AS month
                    FROM bqx.m1_month WHERE bars > 0 AND (?::text IS NULL OR pair = ANY (string_to_array(?, ','))) GROUP BY pair
                ) span
                WHERE (pair, month) NOT IN (
                    SELECT m.pair, m.month FROM bqx.m1_month m
                    WHERE m.bars > 0 AND (?::text IS NULL OR m.pair = ANY (string_to_array(?, ','))))
                ORDER BY pair, month
                """,
                reach.names(),
                reach.names(),
                reach.names(),
                reach.names())
            .getValues("gap", String.class);
    int months = sql.fetchCount(M1_MONTH, M1_MONTH.BARS.gt(0L).and(reach.condition(M1_MONTH.PAIR)));
    if (months == 0) {
      findings.add(Finding.error(name, "there are none", "./bqx import FILE"));
    } else if (gaps.isEmpty()) {
      findings.add(
          Finding.ok(
              name, "%s, none between them is empty".formatted(Quantity.of(months, "month"))));
    } else {
      findings.add(
          Finding.warning(
              name,
              "%s without bars between others: %s"
                  .formatted(Quantity.of(gaps.size(), "month"), some(gaps)),
              "./bqx import FILE"));
    }
  }

  private void gaps(String name, List<Finding> findings) throws SQLException {
    boolean counted = true;
    for (Record month :
        sql.fetch(
            "SELECT pair || ' ' || to_char(month, 'YYYY-MM') AS month, noted, found"
                + " FROM bqx.miscounted_months(exact => true)")) {
      counted = false;
      findings.add(
          Finding.error(
              name,
              "%s has %s bars, %d are noted: some came or went behind the triggers"
                  .formatted(
                      month.get("month", String.class),
                      month.get("found", String.class),
                      month.get("noted", Long.class)),
              "./bqx psql -c 'SELECT * FROM bqx.recount_bars()'"));
    }
    BarsSummary summary;
    try (GapStore store = new GapStore(database)) {
      summary = store.summary();
    }
    if (summary.open() > 0 || summary.unmeasured() > 0) {
      findings.add(
          Finding.warning(
              name,
              "%s open in the bars, %s changed since gaps were looked for"
                  .formatted(
                      Quantity.of(summary.open(), "gap"),
                      Quantity.of(summary.unmeasured(), "month")),
              "./bqx gaps"));
    } else if (counted) {
      findings.add(Finding.ok(name, "no gap in the bars is open, and every bar is counted"));
    }
  }

  private void partitions(String name, List<Finding> findings) {
    progress(name, sql, family -> "./bqx backfill", findings);
  }

  /** Finds nothing where nobody has asked for any. */
  private void correlations(String name, List<Finding> findings) {
    DSLContext correlations = Work.CORRELATIONS.on(sql);
    boolean there =
        sql.fetchOne("SELECT to_regclass('bqx.correlation_progress') IS NOT NULL AS there")
            .get("there", Boolean.class);
    if (there && correlations.fetchExists(PROGRESS)) {
      progress(name, correlations, target -> "./bqx correlate --target " + target, findings);
    }
  }

  /**
   * Finds what is not done.
   *
   * @param work statements in which {@code bqx.progress} is the view of a work
   * @param command what does it, by the family
   */
  private static void progress(
      String name, DSLContext work, UnaryOperator<String> command, List<Finding> findings) {
    Field<Integer> partitions = count();
    Field<String> family = min(PROGRESS.FAMILY);
    var states =
        work.select(ProgressFields.STATE, partitions, family)
            .from(PROGRESS)
            .groupBy(ProgressFields.STATE)
            .fetch();
    Map<PartitionState, Integer> counts = states.intoMap(ProgressFields.STATE, partitions);
    Map<PartitionState, String> families = states.intoMap(ProgressFields.STATE, family);
    int failed = counts.getOrDefault(PartitionState.FAILED, 0);
    int stale = counts.getOrDefault(PartitionState.STALE, 0);
    int missing = counts.getOrDefault(PartitionState.MISSING, 0);
    int unreachable = counts.getOrDefault(PartitionState.UNREACHABLE, 0);
    if (failed > 0) {
      work.select(PROGRESS.FAMILY, PROGRESS.PAIR, ProgressFields.MONTH, PROGRESS.REASON)
          .from(PROGRESS)
          .where(ProgressFields.STATE.eq(PartitionState.FAILED))
          .orderBy(PROGRESS.FINISHED_AT.desc())
          .limit(1)
          .forEach(
              last ->
                  findings.add(
                      Finding.error(
                          name,
                          "%d failed, the last %s %s %s: %s"
                              .formatted(
                                  failed,
                                  last.value1(),
                                  last.value2(),
                                  last.value3(),
                                  last.value4()),
                          command.apply(last.value1()) + " --retry (once the cause is mended)")));
    }
    if (stale + missing > 0) {
      findings.add(
          Finding.warning(
              name,
              "%d missing, %d stale".formatted(missing, stale),
              command.apply(
                  families.getOrDefault(
                      PartitionState.MISSING, families.get(PartitionState.STALE)))));
    }
    if (unreachable > 0) {
      findings.add(
          Finding.error(
              name, "%d on nodes that do not answer".formatted(unreachable), "./bqx node list"));
    }
    if (failed + stale + missing + unreachable == 0) {
      findings.add(
          Finding.ok(name, "%d done".formatted(counts.getOrDefault(PartitionState.DONE, 0))));
    }
  }

  /** Autovacuum analyzes partitions, and never the table that they are of. */
  private void statistics(String name, List<Finding> findings) {
    List<String> tables =
        sql.fetch(
                """
                SELECT format('bqx.%I (pair, %s)', c.relname, CASE c.relname WHEN 'm1' THEN 'time' ELSE 'ts_utc' END) AS name
                FROM pg_class c
                WHERE c.relnamespace = to_regnamespace('bqx') AND c.relkind = 'p' AND NOT c.relispartition
                    AND c.reltuples < 0
                    AND (c.relname = 'm1' AND EXISTS (SELECT FROM bqx.m1_month m WHERE m.bars > 0)
                        OR c.relname IN (SELECT s.family FROM bqx.partition_state s WHERE s.rows > 0))
                ORDER BY c.relname
                """)
            .getValues("name", String.class);
    findings.add(
        tables.isEmpty()
            ? Finding.ok(name, "the planner has those of every table that has rows")
            : Finding.warning(
                name,
                "never analyzed as a whole, so that queries of many pairs are planned by guesses: "
                    + some(tables),
                "./bqx psql -c 'ANALYZE %s'".formatted(String.join(", ", tables))));
  }

  private void settings(String name, List<Finding> findings) {
    List<Finding> wrong = new ArrayList<>();
    for (Record setting :
        sql.fetch(
            """
            SELECT name, current_setting(name) AS value, advice
            -- Of role and database, which has its way before those of either alone.
            FROM (SELECT format('ALTER ROLE CURRENT_USER IN DATABASE %I SET ', current_database()) AS role) own,
            LATERAL (VALUES
                ('fsync', current_setting('fsync') = 'off',
                    'a crash of the machine may destroy the database', 'ALTER SYSTEM RESET fsync'),
                ('full_page_writes', current_setting('full_page_writes') = 'off',
                    'a crash of the machine may destroy the database', 'ALTER SYSTEM RESET full_page_writes'),
                ('autovacuum', current_setting('autovacuum') = 'off',
                    'statistics grow old and dead rows stay', 'ALTER SYSTEM RESET autovacuum'),
                ('track_activities', current_setting('track_activities') = 'off',
                    'the monitor cannot say what backends wait for', 'ALTER SYSTEM RESET track_activities'),
                ('shared_buffers', pg_size_bytes(current_setting('shared_buffers')) < 128 * 1024 * 1024,
                    'less than 128MB makes a backfill read from disk', 'ALTER SYSTEM SET shared_buffers = ''1GB'''),
                ('max_wal_size', pg_size_bytes(current_setting('max_wal_size')) < 1024 * 1024 * 1024::bigint,
                    'less than 1GB makes checkpoints frequent', 'ALTER SYSTEM SET max_wal_size = ''4GB'''),
                ('jit', current_setting('jit') = 'on',
                    'a join of wide families is compiled column by column before its first row', role || 'jit = off'),
                ('enable_partitionwise_join', current_setting('enable_partitionwise_join') = 'off',
                    'a join of families by pair and time reads every month of the second',
                    role || 'enable_partitionwise_join = on'),
                ('statement_timeout', current_setting('statement_timeout') <> '0',
                    'a query of this role that takes longer is cancelled', role || 'statement_timeout = 0'),
                ('idle_in_transaction_session_timeout',
                    current_setting('idle_in_transaction_session_timeout') <> '0',
                    'an import that waits for its input is ended', role || 'idle_in_transaction_session_timeout = 0'),
                ('transaction_timeout', coalesce(current_setting('transaction_timeout', true), '0') <> '0',
                    'an import or a partition that takes longer is ended', role || 'transaction_timeout = 0'),
                ('default_transaction_read_only', current_setting('default_transaction_read_only') = 'on',
                    'this role can neither import nor compute', role || 'default_transaction_read_only = off')
            ) AS rule (name, hurts, why, next), LATERAL (SELECT why || E'\\t' || next AS advice) a
            WHERE hurts
            """)) {
      String[] advice = setting.get("advice", String.class).split("\t");
      wrong.add(
          Finding.warning(
              name,
              "%s is %s: %s"
                  .formatted(
                      setting.get("name", String.class),
                      setting.get("value", String.class),
                      advice[0]),
              advice[1]));
    }
    findings.addAll(wrong.isEmpty() ? List.of(Finding.ok(name, "none hurts")) : wrong);
  }

  private void disk(String name, List<Finding> findings) {
    Record row =
        sql.fetchOne(
            """
            SELECT CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE')
                    THEN current_setting('data_directory') END AS folder,
                pg_database_size(current_database()) AS bytes
            """);
    String folder = row.get("folder", String.class);
    String size = "the database takes " + Quantity.bytes(row.get("bytes", Long.class));
    long free;
    long total;
    try {
      FileStore store = store(folder);
      if (store == null) {
        findings.add(
            Finding.unknown(
                name,
                size + "; how much is free is seen on the server alone, by pg_read_all_settings"));
        return;
      }
      free = store.getUsableSpace();
      total = store.getTotalSpace();
    } catch (IOException unseen) {
      // In a chroot, for one, whose own mount point is outside of it.
      findings.add(
          Finding.unknown(
              name, "%s; how much is free cannot be seen: %s".formatted(size, oneLine(unseen))));
      return;
    }
    String message = "%s, %s are free".formatted(size, Quantity.bytes(free));
    findings.add(
        free < LEAST_FREE * total
            ? Finding.warning(name, message + ", less than a tenth", "df -h " + folder)
            : Finding.ok(name, message));
  }

  /** Returns where the server's files are, null when they are not here. */
  private FileStore store(String folder) throws IOException {
    if (folder == null || !InetAddress.getByName(database.settings().host()).isLoopbackAddress()) {
      return null;
    }
    // The data directory is its owner's alone; the folder around it is on the same disk or says so.
    for (Path path = Path.of(folder); path != null; path = path.getParent()) {
      if (Files.exists(path)) {
        return Files.getFileStore(path);
      }
    }
    return null;
  }

  private static String some(List<String> all) {
    return String.join(", ", all.subList(0, Math.min(LISTED, all.size())))
        + (all.size() > LISTED ? " and %d more".formatted(all.size() - LISTED) : "");
  }
}
