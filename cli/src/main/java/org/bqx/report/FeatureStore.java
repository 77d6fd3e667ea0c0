package org.bqx.report;

import static org.bqx.jooq.Tables.FAMILY;
import static org.bqx.jooq.Tables.FEATURE_COLUMN;
import static org.bqx.jooq.Tables.PROGRESS;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bqx.jooq.Bqx;
import org.bqx.jooq.tables.records.FeatureColumnRecord;
import org.bqx.matrix.Drift;
import org.bqx.nodes.NodeMap;
import org.bqx.partition.PartitionRange;
import org.bqx.partition.ProgressFields;
import org.bqx.report.Features.Family;
import org.bqx.report.Features.Figures;
import org.bqx.report.Features.MonthFigures;
import org.bqx.report.Features.Panel;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * Reads what a page draws of the columns of a family. The server aggregates: what leaves it for a
 * month are some hundred numbers a column, and for the drift from month to month a sample of rows.
 */
public final class FeatureStore {
  /** The window that is looked at first, where there is one. */
  private static final int USUAL_WINDOW = 60;

  /** Stretches of a month that a line is drawn of. */
  private static final int STRETCHES = 96;

  private static final int BINS = 30;

  /** Rows of a month that histograms are made of. */
  private static final int COUNTED_ROWS = 4000;

  /** Rows of a month that correlations are made of: a thousand and more pairs of columns. */
  private static final int CORRELATED_ROWS = 1500;

  /** Rows of a month that it is compared with others by. */
  private static final int SAMPLED_ROWS = 1000;

  /** Fewer rows than this are too few pages to take a sample of. */
  private static final int SMALL_MONTH = 5000;

  /** A query returns no more than 1664 columns. */
  private static final int MOST_EXPRESSIONS = 1500;

  private static final int FIGURES = 6;

  /** Squares of these can be added up in any number without an overflow. */
  private static final double WILD = 1e60;

  private static final Field<OffsetDateTime> TIME =
      DSL.field(DSL.name("ts_utc"), OffsetDateTime.class);
  private static final Field<String> PAIR = DSL.field(DSL.name("pair"), String.class);

  private final DSLContext sql;

  /** Reads by {@code sql}. */
  public FeatureStore(DSLContext sql) {
    this.sql = sql;
  }

  /** Returns the families that are enabled, in the catalogue's order. */
  public List<Family> families() {
    Map<String, Result<FeatureColumnRecord>> columns =
        sql.select(FEATURE_COLUMN.fields())
            .from(FEATURE_COLUMN)
            .orderBy(FEATURE_COLUMN.ELEMENT)
            .fetchInto(FEATURE_COLUMN)
            .intoGroups(FEATURE_COLUMN.FAMILY);
    return sql
        .select(FAMILY.FAMILY_, FAMILY.SCOPE, FAMILY.DESCRIPTION)
        .from(FAMILY)
        .where(DSL.condition(FAMILY.ENABLED))
        .orderBy(FAMILY.FAMILY_NO)
        .fetch()
        .stream()
        .filter(row -> columns.containsKey(row.value1()))
        .map(
            row ->
                new Family(
                    row.value1(),
                    row.value2().equals(PartitionRange.MARKET),
                    row.value3(),
                    first(columns.get(row.value1())),
                    columns.get(row.value1()).stream().map(FeatureStore::column).toList()))
        .toList();
  }

  private static Column column(FeatureColumnRecord row) {
    return new Column(
        row.getColumnName(),
        row.getMetric(),
        row.getWindowLength(),
        row.getUnit(),
        row.getDescription());
  }

  /** What the catalogue has drawn, by the usual window. */
  private static String first(List<FeatureColumnRecord> columns) {
    String drawn =
        columns.stream()
            .filter(column -> column.getDrawn() != null)
            .findFirst()
            .orElse(columns.get(0))
            .getMetric();
    List<FeatureColumnRecord> windows =
        columns.stream().filter(column -> column.getMetric().equals(drawn)).toList();
    return windows.stream()
        .filter(column -> Integer.valueOf(USUAL_WINDOW).equals(column.getWindowLength()))
        .findFirst()
        .orElse(windows.get(0))
        .getColumnName();
  }

  /** Returns a month of a pair, or of the market where the family is of it. */
  public Panel panel(Family family, String pair, YearMonth month) {
    String of = family.isMarket() ? PartitionRange.MARKET : pair;
    Table<?> table = table(family);
    Condition where =
        PAIR.eq(of).and(TIME.ge(start(month))).and(TIME.lt(start(month.plusMonths(1))));
    long from = month.atDay(1).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
    long seconds = month.lengthOfMonth() * 86_400L / STRETCHES;
    List<Sums> sums = new ArrayList<>();
    for (List<String> block : blocks(family.names(), MOST_EXPRESSIONS / FIGURES)) {
      sums.addAll(sums(table, where, block, from, seconds));
    }
    long rows = sums.isEmpty() ? 0 : sums.get(0).rows;
    long every = Math.max(1, rows / COUNTED_ROWS);
    Condition counted = where.and(everyMinute(every));
    Condition correlated = where.and(everyMinute(Math.max(1, rows / CORRELATED_ROWS)));
    List<long[]> bins = bins(family, table, counted, sums);
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < STRETCHES; i++) {
      times.add(from + i * seconds);
    }
    List<Figures> figures =
        IntStream.range(0, sums.size()).mapToObj(i -> sums.get(i).figures(bins.get(i))).toList();
    return new Panel(
        family.family(),
        of,
        month,
        rows,
        every,
        times,
        seconds,
        figures,
        rows == 0 ? List.of() : correlations(table, correlated, family.names()));
  }

  /** What is added up of a column, stretch by stretch. */
  private static final class Sums {
    private final List<Double> low = new ArrayList<>(Collections.nCopies(STRETCHES, null));
    private final List<Double> mean = new ArrayList<>(Collections.nCopies(STRETCHES, null));
    private final List<Double> high = new ArrayList<>(Collections.nCopies(STRETCHES, null));
    private long rows;
    private long values;
    private long present;
    private Double lowest;
    private Double highest;
    private double average;
    private double squares;

    /** Adds a stretch, by the average and the squares about it of both (Chan et al. 1979). */
    void add(int stretch, Record row, int field) {
      rows += row.get(1, Long.class);
      present += row.get(field + 1, Long.class);
      long added = row.get(field, Long.class);
      if (added == 0) {
        return;
      }
      double from = row.get(field + 2, Double.class);
      double middle = row.get(field + 3, Double.class);
      double to = row.get(field + 4, Double.class);
      low.set(stretch, from);
      mean.set(stretch, middle);
      high.set(stretch, to);
      lowest = lowest == null ? Double.valueOf(from) : Double.valueOf(Math.min(lowest, from));
      highest = highest == null ? Double.valueOf(to) : Double.valueOf(Math.max(highest, to));
      double away = middle - average;
      long all = values + added;
      squares += row.get(field + 5, Double.class) * added + away * away * values * added / all;
      average += away * added / all;
      values = all;
    }

    Figures figures(long[] bins) {
      return new Figures(
          values,
          rows - present,
          present - values,
          lowest,
          values == 0 ? null : Double.valueOf(average),
          highest,
          values < 2 ? null : Double.valueOf(Math.sqrt(squares / (values - 1))),
          low,
          mean,
          high,
          Arrays.stream(bins).boxed().toList());
    }
  }

  private List<Sums> sums(
      Table<?> table, Condition where, List<String> columns, long from, long seconds) {
    Field<Integer> stretch =
        DSL.field(
            "floor((extract(epoch FROM ts_utc) - {0}) / {1})::int",
            Integer.class, DSL.inline(from), DSL.inline(seconds));
    List<Field<?>> selected = new ArrayList<>(List.of(stretch, DSL.count()));
    for (String column : columns) {
      Field<Double> value = value(column);
      selected.addAll(
          List.of(
              DSL.count(value),
              DSL.count(DSL.field(DSL.name(column))),
              DSL.min(value),
              DSL.avg(value).cast(Double.class),
              DSL.max(value),
              DSL.varPop(value).cast(Double.class)));
    }
    List<Sums> sums = new ArrayList<>();
    columns.forEach(column -> sums.add(new Sums()));
    for (Record row :
        sql.select(selected).from(table).where(where).groupBy(stretch).orderBy(stretch).fetch()) {
      for (int i = 0; i < columns.size(); i++) {
        sums.get(i).add(row.get(0, Integer.class), row, 2 + FIGURES * i);
      }
    }
    return sums;
  }

  private List<long[]> bins(Family family, Table<?> table, Condition counted, List<Sums> sums) {
    List<long[]> bins = new ArrayList<>();
    List<Integer> varied = new ArrayList<>();
    for (int i = 0; i < sums.size(); i++) {
      Sums one = sums.get(i);
      boolean isVaried = one.lowest != null && one.lowest < one.highest;
      bins.add(new long[isVaried ? BINS : 0]);
      if (isVaried) {
        varied.add(i);
      }
    }
    if (varied.isEmpty()) {
      return bins;
    }
    Field<Double[]> values =
        DSL.array(varied.stream().map(i -> value(family.columns().get(i).name())).toList());
    for (Record row :
        sql.fetch(
            """
            SELECT v.no::int, least(width_bucket(v.value, v.low, v.high, {0}), {0}) AS bin, count(*)
            FROM {1},
                LATERAL unnest({2}, {3}, {4}) WITH ORDINALITY v (value, low, high, no)
            WHERE {5} AND v.value BETWEEN v.low AND v.high
            GROUP BY 1, 2
            """,
            DSL.inline(BINS),
            table,
            values,
            DSL.val(varied.stream().map(i -> sums.get(i).lowest).toArray(Double[]::new)),
            DSL.val(varied.stream().map(i -> sums.get(i).highest).toArray(Double[]::new)),
            counted)) {
      int column = varied.get(row.get(0, Integer.class) - 1);
      bins.get(column)[row.get(1, Integer.class) - 1] = row.get(2, Long.class);
    }
    return bins;
  }

  private static Condition everyMinute(long nth) {
    return DSL.condition("(extract(epoch FROM ts_utc) / 60)::bigint % {0} = 0", DSL.inline(nth));
  }

  private List<Double> correlations(Table<?> table, Condition counted, List<String> columns) {
    List<Field<?>> wanted = new ArrayList<>();
    for (int i = 1; i < columns.size(); i++) {
      for (int j = 0; j < i; j++) {
        wanted.add(DSL.corr(value(columns.get(i)), value(columns.get(j))).cast(Double.class));
      }
    }
    List<Double> correlations = new ArrayList<>();
    for (List<Field<?>> block : blocks(wanted, MOST_EXPRESSIONS)) {
      Record row = sql.select(block).from(table).where(counted).fetchSingle();
      for (int i = 0; i < block.size(); i++) {
        correlations.add(row.get(i, Double.class));
      }
    }
    return correlations;
  }

  /**
   * Returns the months of some columns, by a sample of pages of each.
   *
   * @param names columns of the family
   * @param most how many months, the newest
   */
  public Map<String, List<MonthFigures>> months(
      Family family, List<String> names, String pair, PartitionRange range, int most) {
    String of = family.isMarket() ? PartitionRange.MARKET : pair;
    Map<YearMonth, Long> rows =
        sql.select(ProgressFields.MONTH, PROGRESS.ROWS)
            .from(PROGRESS)
            .where(
                new PartitionRange(List.of(family.family()), List.of(of), range.from(), range.to())
                    .condition(),
                PROGRESS.ROWS.gt(0L))
            .orderBy(ProgressFields.MONTH.desc())
            .limit(most)
            .fetchMap(ProgressFields.MONTH, PROGRESS.ROWS);
    Map<String, List<MonthFigures>> months = new LinkedHashMap<>();
    names.forEach(name -> months.put(name, new ArrayList<>()));
    if (rows.isEmpty()) {
      return months;
    }
    Map<YearMonth, List<double[]>> samples = samples(family, names, of, rows);
    for (int i = 0; i < names.size(); i++) {
      double[] before = {};
      for (Map.Entry<YearMonth, List<double[]>> sample : samples.entrySet()) {
        double[] values = numbers(sample.getValue(), i);
        months.get(names.get(i)).add(figures(sample.getKey(), values, before));
        before = values;
      }
    }
    return months;
  }

  private Map<YearMonth, List<double[]>> samples(
      Family family, List<String> names, String pair, Map<YearMonth, Long> rows) {
    TreeMap<YearMonth, Long> ordered = new TreeMap<>(rows);
    double each = rows.values().stream().mapToLong(Long::longValue).average().orElse(1);
    double percent = each <= SMALL_MONTH ? 100 : 100 * SAMPLED_ROWS / each;
    List<Field<?>> selected = new ArrayList<>();
    selected.add(
        DSL.field("date_trunc('month', ts_utc AT TIME ZONE 'UTC')::date", LocalDate.class));
    names.forEach(name -> selected.add(value(name)));
    Map<YearMonth, List<double[]>> samples = new TreeMap<>();
    ordered.keySet().forEach(month -> samples.put(month, new ArrayList<>()));
    boolean isFront = NodeMap.isFront(sql);
    sql.select(selected)
        .from(
            isFront
                ? table(family)
                : DSL.table(
                    "{0} TABLESAMPLE SYSTEM ({1}) REPEATABLE (1)",
                    table(family), DSL.inline(percent)))
        .where(
            isFront ? everyMinutes(Math.round(100 / percent)) : DSL.noCondition(),
            PAIR.eq(pair),
            TIME.ge(start(ordered.firstKey())),
            TIME.lt(start(ordered.lastKey().plusMonths(1))))
        .forEach(
            row -> {
              double[] values = new double[names.size()];
              for (int i = 0; i < values.length; i++) {
                Double value = row.get(1 + i, Double.class);
                values[i] = value == null ? Double.NaN : value;
              }
              List<double[]> sample = samples.get(YearMonth.from(row.get(0, LocalDate.class)));
              if (sample != null) {
                sample.add(values);
              }
            });
    return samples;
  }

  /**
   * A foreign table has no pages to take a sample of. The node that has the rows can tell these
   * minutes, since nothing here depends on a session's settings.
   */
  private static Condition everyMinutes(long count) {
    return DSL.condition(
        "(extract(epoch FROM ts_utc - TIMESTAMPTZ '2000-01-01 00:00Z'))::bigint / 60 % {0} = 0",
        DSL.inline(count));
  }

  private static double[] numbers(List<double[]> sample, int column) {
    double[] values =
        sample.stream()
            .mapToDouble(row -> row[column])
            .filter(value -> !Double.isNaN(value))
            .toArray();
    Arrays.sort(values);
    return values;
  }

  private static MonthFigures figures(YearMonth month, double[] values, double[] before) {
    if (values.length == 0) {
      return new MonthFigures(month, 0, null, null, null, null, null);
    }
    return new MonthFigures(
        month,
        values.length,
        quantile(values, 0.05),
        quantile(values, 0.5),
        quantile(values, 0.95),
        Arrays.stream(values).average().orElseThrow(),
        before.length == 0 ? null : Drift.populationStability(before, values));
  }

  /** Returns the smallest value with at least that share of the values up to it. */
  private static double quantile(double[] ascending, double share) {
    return ascending[Math.max(0, (int) Math.ceil(share * ascending.length) - 1)];
  }

  private static Field<Double> value(String column) {
    Field<Double> field = DSL.field(DSL.name(column), Double.class);
    return DSL.when(field.between(DSL.inline(-WILD), DSL.inline(WILD)), field);
  }

  private static Table<?> table(Family family) {
    return DSL.table(DSL.name(Bqx.BQX.getName(), family.family()));
  }

  private static OffsetDateTime start(YearMonth month) {
    return month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
  }

  private static <T> List<List<T>> blocks(List<T> all, int size) {
    List<List<T>> blocks = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      blocks.add(all.subList(from, Math.min(all.size(), from + size)));
    }
    return blocks;
  }
}
