package org.bqx.catalogue;

import static org.bqx.jooq.Tables.FAMILY;
import static org.bqx.jooq.Tables.FEATURE;
import static org.bqx.jooq.Tables.FEATURE_COLUMN;
import static org.bqx.jooq.Tables.FEATURE_DEFINITION;
import static org.bqx.jooq.Tables.M1_MONTH;
import static org.bqx.jooq.Tables.PAIR;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.nodes.NodeMap;
import org.flywaydb.core.api.MigrationVersion;
import org.jooq.DSLContext;
import org.jooq.Records;

/** What the database knows by name: pairs, families, months that have bars. */
public final class Catalogue implements AutoCloseable {
  /**
   * What a pair is made of.
   *
   * @param base what is priced
   * @param quote what it is priced in
   */
  public record Currencies(String base, String quote) {}

  /**
   * A column to show.
   *
   * @param family whose column it is
   * @param column its name
   */
  public record Example(String family, String column) {}

  private final Database database;
  private final Connection connection;
  private final DSLContext sql;

  /** Connects to read from {@code database}. */
  public Catalogue(Database database) {
    this.database = database;
    connection = database.connect();
    sql = Sql.on(connection);
  }

  @Override
  public void close() throws SQLException {
    database.giveBack(connection);
  }

  /**
   * Returns the pairs of these names, all in alphabetical order when there are no names.
   *
   * @throws Failure when one does not exist
   */
  public List<String> pairs(List<String> names) {
    List<String> known = sql.select(PAIR.PAIR_).from(PAIR).orderBy(PAIR.PAIR_).fetch(PAIR.PAIR_);
    return select("pair", "bqx.pair", known, names);
  }

  /** Returns which node each pair is on; a single server has none. */
  public NodeMap nodes() {
    return NodeMap.read(sql);
  }

  /** Returns a pair's currencies, base and quote, in lower case. */
  public Currencies currencies(String pair) {
    return sql.select(PAIR.BASE, PAIR.QUOTE)
        .from(PAIR)
        .where(PAIR.PAIR_.eq(pair))
        .fetchSingle(Records.mapping(Currencies::new));
  }

  /**
   * Returns the families of these names, all that are enabled when there are no names.
   *
   * @throws Failure when one does not exist or is not enabled, or when there are none yet
   */
  public List<String> families(List<String> names) {
    Map<String, Boolean> known =
        sql.select(FEATURE.FAMILY, FEATURE.ENABLED)
            .from(FEATURE)
            .orderBy(FEATURE.FAMILY_NO)
            .fetchMap(FEATURE.FAMILY, FEATURE.ENABLED);
    List<String> enabled = known.keySet().stream().filter(known::get).toList();
    if (known.isEmpty()) {
      throw SchemaStage.needed(
          "no family has tables", SchemaStage.of(sql), firstStageWithFamily(), "./bqx migrate");
    }
    for (String name : names) {
      if (!known.containsKey(name)) {
        requireNoDefinition(name);
      } else if (!known.get(name)) {
        throw new Failure(
            ExitCode.USAGE,
            "family \"%s\" is not enabled".formatted(name),
            "./bqx psql -c \"SELECT bqx.enable_family('%s')\"".formatted(name));
      }
    }
    return select("family", "bqx.family", enabled, names);
  }

  /** Returns the families whose partitions are of the market, and of no pair. */
  public List<String> familiesOfMarket() {
    return sql.select(FEATURE_DEFINITION.FAMILY)
        .from(FEATURE_DEFINITION)
        .where(FEATURE_DEFINITION.SCOPE.eq("market"))
        .fetch(FEATURE_DEFINITION.FAMILY);
  }

  /** Refuses a family that is known and has no tables, by the stage or the call that makes them. */
  private void requireNoDefinition(String family) {
    String stage =
        sql.select(FEATURE_DEFINITION.TABLES_STAGE)
            .from(FEATURE_DEFINITION)
            .where(FEATURE_DEFINITION.FAMILY.eq(family))
            .fetchOne(FEATURE_DEFINITION.TABLES_STAGE);
    if (stage == null) {
      return;
    }
    String what = "family \"%s\" has no tables".formatted(family);
    MigrationVersion reached = SchemaStage.of(sql);
    if (reached == null || reached.compareTo(MigrationVersion.fromVersion(stage)) < 0) {
      throw SchemaStage.needed(what, reached, stage, "./bqx migrate");
    }
    throw new Failure(
        ExitCode.FAILED,
        what,
        "./bqx psql -c \"SELECT bqx.define_family('%s')\"".formatted(family));
  }

  private String firstStageWithFamily() {
    return sql
        .select(FEATURE_DEFINITION.TABLES_STAGE)
        .from(FEATURE_DEFINITION)
        .fetch(FEATURE_DEFINITION.TABLES_STAGE)
        .stream()
        .min(Comparator.comparing(MigrationVersion::fromVersion))
        .orElseThrow();
  }

  /**
   * Returns a column of each of the first two of these families that are of pairs: the first that
   * reports draw, or the first where they draw none.
   */
  public List<Example> examples(List<String> families) {
    return sql.select(FEATURE_COLUMN.FAMILY, FEATURE_COLUMN.COLUMN_NAME)
        .distinctOn(FAMILY.FAMILY_NO)
        .from(FEATURE_COLUMN)
        .join(FAMILY)
        .on(FAMILY.FAMILY_.eq(FEATURE_COLUMN.FAMILY))
        .where(FAMILY.FAMILY_.in(families), FAMILY.SCOPE.eq("pair"))
        .orderBy(FAMILY.FAMILY_NO, FEATURE_COLUMN.DRAWN.isNull(), FEATURE_COLUMN.ELEMENT)
        .limit(2)
        .fetch(Records.mapping(Example::new));
  }

  /**
   * Returns the months from {@code from} to {@code to}, both included, without bars of the pair.
   */
  public List<YearMonth> monthsWithoutBars(String pair, YearMonth from, YearMonth to) {
    Set<LocalDate> withBars =
        sql.select(M1_MONTH.MONTH)
            .from(M1_MONTH)
            .where(M1_MONTH.PAIR.eq(pair), M1_MONTH.BARS.gt(0L))
            .fetchSet(M1_MONTH.MONTH);
    return Stream.iterate(from, month -> !month.isAfter(to), month -> month.plusMonths(1))
        .filter(month -> !withBars.contains(month.atDay(1)))
        .toList();
  }

  private static List<String> select(
      String what, String table, List<String> known, List<String> names) {
    for (String name : names) {
      if (!known.contains(name)) {
        throw new Failure(
            ExitCode.USAGE,
            "%s \"%s\" does not exist".formatted(what, name),
            "list what exists: ./bqx psql -c 'SELECT * FROM %s'".formatted(table));
      }
    }
    return names.isEmpty() ? known : names.stream().distinct().toList();
  }
}
