package org.bqx.report;

import static org.bqx.jooq.Tables.FAMILY;
import static org.bqx.jooq.Tables.FEATURE_COLUMN;

import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bqx.jooq.Bqx;
import org.bqx.jooq.tables.records.FeatureColumnRecord;
import org.bqx.report.Chart.Line;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.impl.DSL;

/**
 * Reads what a report draws of a pair and month: a chart for each family that the catalogue has
 * drawn columns of. A metric is drawn by one window, beside {@code rate_index}, or by every window,
 * among which the reader chooses.
 */
final class ChartStore {
  private static final String ONE_WINDOW = "one window";
  private static final String INDEX = "rate_index";
  private static final int USUAL_WINDOW = 60;

  /** The short windows go up and down so often that they cover the others. */
  private static final int SHOWN_WINDOWS = 2;

  private final DSLContext sql;

  ChartStore(DSLContext sql) {
    this.sql = sql;
  }

  /** Returns the charts, in the catalogue's order. */
  List<Chart> read(String pair, YearMonth month) {
    Map<String, List<FeatureColumnRecord>> families =
        sql
            .select(FEATURE_COLUMN.fields())
            .from(FEATURE_COLUMN)
            .join(FAMILY)
            .on(FAMILY.FAMILY_.eq(FEATURE_COLUMN.FAMILY))
            .where(DSL.condition(FAMILY.ENABLED), FEATURE_COLUMN.DRAWN.isNotNull())
            .orderBy(FAMILY.FAMILY_NO, FEATURE_COLUMN.ELEMENT)
            .fetchInto(FEATURE_COLUMN)
            .stream()
            .collect(
                Collectors.groupingBy(
                    FeatureColumnRecord::getFamily, LinkedHashMap::new, Collectors.toList()));
    List<Chart> charts = new ArrayList<>();
    families.forEach((family, columns) -> charts.add(chart(family, columns, pair, month)));
    return charts;
  }

  private Chart chart(
      String family, List<FeatureColumnRecord> drawn, String pair, YearMonth month) {
    Map<String, List<FeatureColumnRecord>> metrics =
        drawn.stream()
            .collect(
                Collectors.groupingBy(
                    FeatureColumnRecord::getMetric, LinkedHashMap::new, Collectors.toList()));
    boolean oneByWindows =
        metrics.values().stream().filter(columns -> !isByOneWindow(columns)).count() == 1;
    List<String> captions = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    if (metrics.values().stream().anyMatch(ChartStore::isByOneWindow)) {
      captions.add(INDEX);
      names.add(INDEX);
      lines.add(new Line(INDEX, INDEX, null, null, null, true));
    }
    metrics.forEach(
        (metric, columns) -> {
          String description = columns.get(0).getDescription();
          if (isByOneWindow(columns)) {
            FeatureColumnRecord column = usual(columns);
            captions.add("%s: %s".formatted(column.getColumnName(), description));
            names.add(column.getColumnName());
            lines.add(line(column, column.getColumnName(), null, true));
            return;
          }
          captions.add("%s_%s by window: %s".formatted(family, metric, description));
          for (int i = 0; i < columns.size(); i++) {
            FeatureColumnRecord column = columns.get(i);
            names.add(column.getColumnName());
            lines.add(
                line(
                    column,
                    oneByWindows ? "w" + column.getWindowLength() : column.getColumnName(),
                    column.getWindowLength(),
                    i >= columns.size() - SHOWN_WINDOWS));
          }
        });
    return new Chart(
        family, String.join(", ", captions), lines, values(family, names, pair, month));
  }

  private static Line line(
      FeatureColumnRecord column, String label, Integer window, boolean shown) {
    return new Line(
        label,
        column.getUnit(),
        finite(column.getLowest()),
        finite(column.getHighest()),
        window,
        shown);
  }

  /** Whether one column stands for the metric, be it since it has no windows. */
  private static boolean isByOneWindow(List<FeatureColumnRecord> columns) {
    FeatureColumnRecord first = columns.get(0);
    return ONE_WINDOW.equals(first.getDrawn()) || first.getWindowLength() == null;
  }

  private static FeatureColumnRecord usual(List<FeatureColumnRecord> columns) {
    return columns.stream()
        .filter(column -> Integer.valueOf(USUAL_WINDOW).equals(column.getWindowLength()))
        .findFirst()
        .orElse(columns.get(0));
  }

  private static Double finite(Double bound) {
    return bound != null && Double.isFinite(bound) ? bound : null;
  }

  private Lines values(String family, List<String> columns, String pair, YearMonth month) {
    Field<OffsetDateTime> time = DSL.field(DSL.name("ts_utc"), OffsetDateTime.class);
    OffsetDateTime from = month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
    List<Field<Double>> fields =
        columns.stream().map(column -> DSL.field(DSL.name(column), Double.class)).toList();
    List<Field<?>> selected = new ArrayList<>(fields);
    selected.add(time);
    Result<Record> rows =
        sql.select(selected)
            .from(DSL.table(DSL.name(Bqx.BQX.getName(), family)))
            .where(
                DSL.field(DSL.name("pair"), String.class).eq(pair),
                time.ge(from),
                time.lt(from.plusMonths(1)))
            .orderBy(time)
            .fetch();
    return new Lines(
        rows.stream().map(row -> row.get(time).toEpochSecond()).toList(),
        fields.stream().map(rows::getValues).toList());
  }
}
