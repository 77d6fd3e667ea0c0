package org.bqx.export;

import static org.bqx.jooq.Tables.FEATURE_COLUMN;
import static org.bqx.jooq.Tables.M1;

import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The rows of families beside each other, as their tables have them. */
final class FamilyRows implements ExportSource {
  private static final String PAIR = "pair";
  private static final String TIME = "ts_utc";
  private static final String INDEX = "rate_index";

  private final DSLContext sql;
  private final List<String> families;
  private final List<String> pairs;

  FamilyRows(DSLContext sql, List<String> families, List<String> pairs) {
    this.sql = sql;
    this.families = families;
    this.pairs = pairs;
  }

  @Override
  public String name() {
    return String.join(",", families);
  }

  @Override
  public List<String> pairs() {
    return pairs;
  }

  @Override
  public Map<String, Object> definition() {
    Map<String, Object> definition = new LinkedHashMap<>();
    definition.put("families", families);
    definition.put("columns", columnFacts());
    return definition;
  }

  private List<Map<String, Object>> columnFacts() {
    List<Map<String, Object>> facts = new ArrayList<>();
    facts.add(key(PAIR, ColumnType.TEXT));
    facts.add(key(TIME, ColumnType.TIME));
    facts.add(key(INDEX, ColumnType.DOUBLE));
    for (String family : families) {
      for (Record column : columns(family)) {
        Map<String, Object> fact = new LinkedHashMap<>();
        fact.put("name", column.get(FEATURE_COLUMN.COLUMN_NAME));
        fact.put("type", ColumnType.DOUBLE.toString());
        fact.put("family", family);
        fact.put("unit", column.get(FEATURE_COLUMN.UNIT));
        fact.put("lookback", column.get(FEATURE_COLUMN.NEEDS));
        fact.put("lookahead", column.get(FEATURE_COLUMN.AHEAD));
        fact.put("lowest", finite(column.get(FEATURE_COLUMN.LOWEST)));
        fact.put("highest", finite(column.get(FEATURE_COLUMN.HIGHEST)));
        fact.put("undefined_when", column.get(FEATURE_COLUMN.UNDEFINED_WHEN));
        fact.put("description", column.get(FEATURE_COLUMN.DESCRIPTION));
        facts.add(fact);
      }
    }
    return facts;
  }

  private static Map<String, Object> key(String name, ColumnType type) {
    Map<String, Object> fact = new LinkedHashMap<>();
    fact.put("name", name);
    fact.put("type", type.toString());
    return fact;
  }

  /** JSON has no infinity. */
  private static Double finite(Double value) {
    return value == null || value.isInfinite() ? null : value;
  }

  private List<? extends Record> columns(String family) {
    return sql.select(
            FEATURE_COLUMN.COLUMN_NAME,
            FEATURE_COLUMN.UNIT,
            FEATURE_COLUMN.NEEDS,
            FEATURE_COLUMN.AHEAD,
            FEATURE_COLUMN.LOWEST,
            FEATURE_COLUMN.HIGHEST,
            FEATURE_COLUMN.UNDEFINED_WHEN,
            FEATURE_COLUMN.DESCRIPTION)
        .from(FEATURE_COLUMN)
        .where(FEATURE_COLUMN.FAMILY.eq(family))
        .orderBy(FEATURE_COLUMN.ELEMENT)
        .fetch();
  }

  @Override
  public Needs needs(String pair) {
    return new Needs(families, List.of(pair), 0, 0);
  }

  @Override
  public String query(String pair, YearMonth month) {
    List<Field<?>> fields = new ArrayList<>();
    Table<?> tables = null;
    String first = families.get(0);
    for (String name : List.of(PAIR, TIME, INDEX)) {
      fields.add(DSL.field(DSL.name(first, name)));
    }
    Condition rows = DSL.noCondition();
    for (String family : families) {
      for (Record column : columns(family)) {
        fields.add(DSL.field(DSL.name(family, column.get(FEATURE_COLUMN.COLUMN_NAME))));
      }
      Table<?> table = DSL.table(DSL.name("bqx", family)).as(DSL.name(family));
      Field<OffsetDateTime> time = time(family);
      // In every table, so that each is pruned to the month's partition.
      rows =
          rows.and(DSL.field(DSL.name(family, PAIR), SQLDataType.VARCHAR).eq(pair))
              .and(isIn(time, month));
      tables = tables == null ? table : tables.join(table).on(time.eq(time(first)));
    }
    return sql.renderInlined(DSL.select(fields).from(tables).where(rows).orderBy(time(first)));
  }

  @Override
  public String count(String pair, YearMonth month) {
    return sql.renderInlined(
        DSL.selectCount().from(M1).where(M1.PAIR.eq(pair)).and(isIn(M1.TIME, month)));
  }

  private static Field<OffsetDateTime> time(String family) {
    return DSL.field(DSL.name(family, TIME), SQLDataType.TIMESTAMPWITHTIMEZONE);
  }

  private static Condition isIn(Field<OffsetDateTime> time, YearMonth month) {
    return time.ge(start(month)).and(time.lt(start(month.plusMonths(1))));
  }

  private static OffsetDateTime start(YearMonth month) {
    return month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
  }
}
