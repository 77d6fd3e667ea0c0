package org.bqx.export;

import static org.bqx.jooq.Tables.FEATURE_COLUMN;
import static org.bqx.jooq.Tables.M1;

import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bqx.matrix.Manifest;
import org.bqx.matrix.MatrixColumn;
import org.bqx.matrix.MatrixStore;
import org.bqx.partition.Need;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The rows of families beside each other, as their tables have them. */
final class FamilySource implements ExportSource {
  private static final String PAIR = "pair";
  private static final String TIME = "ts_utc";
  private static final String INDEX = "rate_index";

  private final List<String> families;
  private final List<String> pairs;
  private final Map<String, List<MatrixColumn>> columns = new HashMap<>();

  FamilySource(DSLContext sql, List<String> families, List<String> pairs) {
    this.families = families;
    this.pairs = pairs;
    int position = 4;
    for (String family : families) {
      List<MatrixColumn> read = columns(sql, family, position);
      columns.put(family, read);
      position += read.size();
    }
  }

  private static List<MatrixColumn> columns(DSLContext sql, String family, int position) {
    return sql.selectFrom(FEATURE_COLUMN)
        .where(FEATURE_COLUMN.FAMILY.eq(family))
        .orderBy(FEATURE_COLUMN.ELEMENT)
        .fetch(
            row ->
                new MatrixColumn(
                    position + row.getElement() - 2,
                    row.getColumnName(),
                    "double precision",
                    "feature",
                    family + "." + row.getColumnName(),
                    family,
                    null,
                    null,
                    row.getUnit(),
                    row.getNeeds(),
                    row.getLowest(),
                    row.getHighest(),
                    row.getUndefinedWhen() != null || row.getAhead() > 0,
                    row.getUndefinedWhen(),
                    row.getDescription()));
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
  public Manifest manifest(DSLContext sql) {
    List<MatrixColumn> all = new ArrayList<>();
    all.add(key(1, PAIR, "text", "name", "the pair"));
    all.add(
        key(
            2,
            TIME,
            "timestamp with time zone",
            "UTC",
            "open time of the bar; the row is known a minute later"));
    all.add(key(3, INDEX, "double precision", "index points", "close / baseline_rate * 100"));
    families.forEach(family -> all.addAll(columns.get(family)));
    return MatrixStore.manifest(sql, name(), all, Map.of(), families, pairs, null, null);
  }

  private static MatrixColumn key(
      int position, String name, String type, String unit, String description) {
    return new MatrixColumn(
        position,
        name,
        type,
        "key",
        null,
        null,
        null,
        null,
        unit,
        null,
        null,
        null,
        false,
        null,
        description);
  }

  @Override
  public List<Need> needs(String pair) {
    return families.stream().map(family -> new Need(family, pair, 0, 0)).toList();
  }

  @Override
  public String query(DSLContext sql, String pair, YearMonth month) {
    List<Field<?>> fields = new ArrayList<>();
    Table<?> tables = null;
    String first = families.get(0);
    for (String name : List.of(PAIR, TIME, INDEX)) {
      fields.add(DSL.field(DSL.name(first, name)));
    }
    Condition rows = DSL.noCondition();
    for (String family : families) {
      columns.get(family).forEach(column -> fields.add(DSL.field(DSL.name(family, column.name()))));
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
  public long rows(DSLContext sql, String pair, YearMonth month) {
    return sql.fetchCount(M1, M1.PAIR.eq(pair).and(isIn(M1.TIME, month)));
  }

  private static Field<OffsetDateTime> time(String family) {
    return DSL.field(DSL.name(family, TIME), SQLDataType.TIMESTAMPWITHTIMEZONE);
  }

  private static Condition isIn(Field<OffsetDateTime> time, YearMonth month) {
    return time.ge(Times.start(month)).and(time.lt(Times.start(month.plusMonths(1))));
  }
}
