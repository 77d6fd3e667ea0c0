package org.bqx.stages;

import static org.bqx.jooq.Tables.BASELINE_RATES;
import static org.bqx.jooq.Tables.FAMILY;
import static org.bqx.jooq.Tables.FEATURE_DEFINITION;
import static org.bqx.jooq.Tables.LEGACY_REMOVAL;
import static org.bqx.jooq.Tables.M1_MONTH;
import static org.bqx.jooq.Tables.MATRIX;
import static org.bqx.jooq.Tables.PAIR;
import static org.bqx.jooq.Tables.PAIR_CORR_DAY;
import static org.bqx.jooq.Tables.PROGRESS;
import static org.bqx.jooq.Tables.TARGET_CORR;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.countDistinct;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.sum;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.migrations.Migrations;
import org.bqx.nodes.LostPair;
import org.bqx.nodes.Reach;
import org.bqx.partition.PartitionRange;
import org.bqx.partition.PartitionState;
import org.bqx.partition.ProgressFields;
import org.bqx.partition.Selection;
import org.bqx.terminal.Quantity;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;
import org.jooq.DSLContext;
import org.jooq.Record2;
import org.jooq.Record5;
import org.jooq.Records;
import org.jooq.impl.DSL;

/**
 * Reads how far each stage is: of the schema from Flyway's history, of the backfill from states.
 */
public final class StageStore implements AutoCloseable {
  private static final String CATALOGUE = "bqx.feature_definition";

  /** How the migrations are described that take an older layout's tables away, before its name. */
  private static final String REMOVAL = "remove legacy ";

  /** Pair, time and index. */
  private static final int KEY_COLUMNS = 3;

  private record Definition(String family, String tablesStage, String backfillStage) {}

  private final Database database;
  private final Connection connection;
  private final DSLContext sql;

  private final Reach reach;

  /** Connects to read from {@code database}. */
  public StageStore(Database database) {
    this.database = database;
    connection = database.connect();
    sql = Sql.on(connection);
    reach = Reach.of(sql);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /**
   * Returns the stages by version. All are todo where there is no schema; the stages of the
   * backfill, which are the catalogue's, are listed where that is there.
   */
  public List<Stage> read() {
    List<Definition> definitions = definitions();
    List<Stage> stages = new ArrayList<>();
    Set<String> applied = new TreeSet<>();
    for (MigrationInfo migration :
        Migrations.flyway(database.dataSource(), Map.of()).info().all()) {
      if (migration.getVersion() != null && migration.getState() != MigrationState.BASELINE) {
        Stage stage = schemaStage(migration, definitions);
        stages.add(stage);
        if (stage.state().equals(Stage.COMPLETE)) {
          applied.add(stage.version());
        }
      }
    }
    for (Definition family : definitions) {
      stages.add(backfillStage(family, applied.contains(family.tablesStage())));
    }
    stages.sort(Comparator.comparing(stage -> MigrationVersion.fromVersion(stage.version())));
    return stages;
  }

  /** Returns the pairs that nothing is told of, since their node does not answer. */
  public List<LostPair> lost() {
    return reach.lost();
  }

  private List<Definition> definitions() {
    boolean hasCatalogue =
        sql.select(DSL.field("to_regclass({0}) IS NOT NULL", Boolean.class, DSL.val(CATALOGUE)))
            .fetchSingle()
            .value1();
    return !hasCatalogue
        ? List.of()
        : sql.select(
                FEATURE_DEFINITION.FAMILY,
                FEATURE_DEFINITION.TABLES_STAGE,
                FEATURE_DEFINITION.BACKFILL_STAGE)
            .from(FEATURE_DEFINITION)
            .orderBy(FEATURE_DEFINITION.FAMILY_NO)
            .fetch(Records.mapping(Definition::new));
  }

  private Stage schemaStage(MigrationInfo migration, List<Definition> definitions) {
    String version = migration.getVersion().getVersion();
    String title = migration.getDescription();
    if (migration.getState().isFailed()) {
      return new Stage(version, title, Stage.TODO, 0, null, null, "failed: ./bqx migrate says why");
    }
    if (!migration.getState().isApplied()) {
      return new Stage(version, title, Stage.TODO, 0, null, null, null);
    }
    return new Stage(
        version,
        title,
        Stage.COMPLETE,
        100,
        migration.getInstalledOn().toInstant(),
        migration.getExecutionTime() / 1000.0,
        result(version, title, definitions));
  }

  private String result(String version, String title, List<Definition> definitions) {
    if (title.startsWith(REMOVAL)) {
      return removed(title.substring(REMOVAL.length()));
    }
    String made =
        definitions.stream()
            .filter(family -> family.tablesStage().equals(version))
            .map(family -> made(family.family()))
            .filter(Objects::nonNull)
            .collect(Collectors.joining("; "));
    if (!made.isEmpty()) {
      return made;
    }
    return switch (version) {
      case "1.5.1" ->
          "%s, %s"
              .formatted(
                  Quantity.of(sql.fetchCount(PAIR), "pair"),
                  Quantity.of(
                      sql.fetchCount(BASELINE_RATES, reach.condition(BASELINE_RATES.PAIR)),
                      "baseline"));
      case "1.5.2" -> bars();
      case "1.5.6" -> Quantity.of(sql.fetchCount(MATRIX), "matrix");
      case "1.5.7" -> "bqx.target; family fwd is off";
      case "1.5.8" -> correlations();
      default -> null;
    };
  }

  private String bars() {
    var row =
        sql.select(sum(M1_MONTH.BARS), countDistinct(M1_MONTH.PAIR), count())
            .from(M1_MONTH)
            .where(M1_MONTH.BARS.gt(0L), reach.condition(M1_MONTH.PAIR))
            .fetchOne();
    BigDecimal bars = row.value1();
    return "%s of %s in %s of a pair"
        .formatted(
            Quantity.of(bars == null ? 0 : bars.longValue(), "bar"),
            Quantity.of(row.value2(), "pair"),
            Quantity.of(row.value3(), "month"));
  }

  private String correlations() {
    return String.format(
        Locale.ROOT,
        "%s in bqx.target_corr, %,d in bqx.pair_corr_day",
        Quantity.of(sql.fetchCount(TARGET_CORR, reach.condition(TARGET_CORR.PAIR)), "row"),
        sql.fetchCount(PAIR_CORR_DAY));
  }

  private String removed(String family) {
    var rows =
        sql.selectFrom(LEGACY_REMOVAL)
            .where(LEGACY_REMOVAL.TABLE_NAME.like("bqx." + family + "\\_%"))
            .fetch();
    if (rows.isEmpty()) {
      return "nothing of an older layout was there";
    }
    long partitions = rows.stream().mapToLong(row -> row.getPartitions()).sum();
    long bytes = rows.stream().mapToLong(row -> row.getBytes()).sum();
    boolean kept = rows.stream().allMatch(row -> row.getAction().equals("keep"));
    return "%s %s with %s, %s"
        .formatted(
            kept ? "moved to bqx_legacy:" : "dropped",
            Quantity.of(rows.size(), "table"),
            Quantity.of(partitions, "partition"),
            Quantity.bytes(bytes));
  }

  /** Returns what was made of a family, null when it has no tables or is not computed. */
  private String made(String family) {
    Record2<Integer, String> known =
        sql.select(FAMILY.COLUMNS, FAMILY.SCOPE)
            .from(FAMILY)
            .where(FAMILY.FAMILY_.eq(family), DSL.condition(FAMILY.ENABLED))
            .fetchOne();
    if (known == null) {
      return null;
    }
    String made =
        "table bqx.%s, %s, ".formatted(family, Quantity.of(KEY_COLUMNS + known.value1(), "column"));
    return known.value2().equals(PartitionRange.MARKET)
        ? made + "one partition for the market"
        : made + "one partition for each of " + Quantity.of(sql.fetchCount(PAIR), "pair");
  }

  private Stage backfillStage(Definition family, boolean hasTables) {
    String version = family.backfillStage();
    String title = "backfill " + family.family();
    if (!hasTables) {
      return new Stage(version, title, Stage.TODO, 0, null, null, null);
    }
    Record5<Integer, Integer, BigDecimal, OffsetDateTime, OffsetDateTime> row =
        sql.select(
                count().filterWhere(Selection.ALL.condition()),
                count().filterWhere(ProgressFields.STATE.eq(PartitionState.DONE)),
                sum(PROGRESS.ROWS),
                min(PROGRESS.STARTED_AT),
                max(PROGRESS.FINISHED_AT))
            .from(PROGRESS)
            .where(PROGRESS.FAMILY.eq(family.family()))
            .fetchOne();
    return backfillStage(
        version,
        title,
        row.value1(),
        row.value2(),
        row.value3() == null ? 0 : row.value3().longValue(),
        row.value4() == null ? null : row.value4().toInstant(),
        row.value5() == null ? null : row.value5().toInstant());
  }

  /** Returns a backfill's stage from its counts. */
  static Stage backfillStage(
      String version, String title, int total, int done, long rows, Instant start, Instant end) {
    if (start == null) {
      return new Stage(version, title, Stage.TODO, 0, null, null, null);
    }
    return new Stage(
        version,
        title,
        total > 0 && done == total ? Stage.COMPLETE : Stage.IN_PROGRESS,
        total == 0 ? 0 : 100.0 * done / total,
        start,
        Duration.between(start, end).toMillis() / 1000.0,
        "%s in %d of %s"
            .formatted(Quantity.of(rows, "row"), done, Quantity.of(total, "partition")));
  }
}
