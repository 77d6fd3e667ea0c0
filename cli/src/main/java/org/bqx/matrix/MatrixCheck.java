package org.bqx.matrix;

import static org.bqx.jooq.Tables.FEATURE;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.matrix.CheckOutcome.ColumnMonth;
import org.bqx.nodes.NodeMap;
import org.bqx.partition.Need;
import org.bqx.partition.PartitionFacts;
import org.bqx.partition.PartitionFacts.Open;
import org.bqx.partition.PartitionFacts.Sources;
import org.bqx.run.Session;
import org.bqx.terminal.Quantity;
import org.bqx.verify.Finding;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * Checks that a matrix is what a model can be fitted on, and still what it was fitted on: manifest,
 * rows, types, ranges, NULLs, targets, drift, and that nothing in a row is of bars after it.
 *
 * <p>No look-ahead is shown in two steps. Every family's rows are computed again from the bars up
 * to theirs alone, and with the others changed: the bits stay. And a row that is asked for alone
 * has the bits that it has among the others, so that lags, joins and what is derived read nothing
 * after it.
 *
 * <p>Values are read a month and some columns at a time, as many as fit into {@link #VALUES}.
 */
public final class MatrixCheck {
  private static final String MANIFEST = "manifest";
  private static final String DEFINITION = "definition";
  private static final String STATE = "state";
  private static final String TYPES = "types";
  private static final String ALONE = "a row alone";
  private static final List<String> CHECKS =
      List.of(
          MANIFEST,
          DEFINITION,
          STATE,
          TYPES,
          RowsCheck.ROWS,
          ColumnCheck.FINITE,
          ColumnCheck.RANGE,
          ColumnCheck.NULLS,
          ColumnCheck.CONSTANT,
          ColumnCheck.DRIFT,
          RowsCheck.TARGET,
          LookAheadCheck.LOOK_AHEAD,
          ALONE);

  private static final int VALUES = 4_000_000;
  private static final int MOST_COLUMNS = 256;
  private static final Map<String, String> TYPE_NAMES =
      Map.of(
          "text", "text",
          "float8", "double precision",
          "int4", "integer",
          "timestamptz", "timestamp with time zone");

  /** Some rows of a month: where they are among its times, and the bits of each column. */
  private record Sample(int[] places, long[] times, Long[][] bits) {
    void keep(MatrixRows rows, int column, int as) {
      for (int n = 0; n < places.length; n++) {
        bits[n][as] = rows.bits(column, places[n]);
      }
    }
  }

  private final Database database;
  private final CheckRequest request;
  private final LongConsumer total;
  private final Runnable step;
  private final List<Finding> facts = new ArrayList<>();
  private final List<Finding> warnings = new ArrayList<>();
  private final List<Finding> differences = new ArrayList<>();
  private final List<ColumnMonth> columnMonths = new ArrayList<>();
  private Connection connection;
  private DSLContext sql;
  private MatrixReader reader;
  private MatrixFact matrix;
  private MatrixNeeds needs;
  private List<MatrixColumn> columns;

  /** Those of attempts whose session was lost, too. */
  private long stepsMade;

  /**
   * Prepares a check.
   *
   * @param total gets the number of steps, again when they begin again
   * @param step runs after each
   */
  public MatrixCheck(Database database, CheckRequest request, LongConsumer total, Runnable step) {
    this.database = database;
    this.request = request;
    this.total = total;
    this.step = step;
  }

  /**
   * Checks everything, all of one snapshot; from the beginning when the session is lost.
   *
   * @throws Failure when the matrix does not exist, or has no rows in the month of reference
   */
  public CheckOutcome run() throws SQLException, InterruptedException {
    try (Session session = new Session(database, false, database::connectForWork)) {
      return session.use(this::check);
    }
  }

  private CheckOutcome check(Connection opened) throws SQLException {
    Stream.of(facts, warnings, differences, columnMonths).forEach(List::clear);
    connection = opened;
    sql = Sql.on(connection);
    // A front asks its nodes by rows that it inserts.
    connection.setReadOnly(!NodeMap.isFront(sql));
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setAutoCommit(false);
    sql.execute("SET LOCAL join_collapse_limit = 1");
    sql.execute("SET LOCAL jit = off");
    Instant at = sql.fetchSingle("SELECT now()").into(OffsetDateTime.class).toInstant();
    MatrixStore store = new MatrixStore(connection);
    matrix = store.require(request.name());
    needs = store.needs(matrix);
    columns = needs.columns();
    reader = new MatrixReader(connection, matrix.name());
    manifest(store.manifest(matrix.name()));
    definition(store.warnings(matrix.name()));
    Map<String, List<Span>> spans = new LinkedHashMap<>();
    for (String pair : matrix.pairs()) {
      spans.put(pair, spans(pair));
    }
    requireReference(months(spans));
    boolean canBeRead =
        columns.stream().allMatch(column -> column.source() == null || column.family() != null);
    if (canBeRead) {
      total.accept(stepsMade + 2L * spans.values().stream().mapToInt(List::size).sum());
      states(spans);
      for (Map.Entry<String, List<Span>> pair : spans.entrySet()) {
        pair(pair.getKey(), pair.getValue());
      }
      new LookAheadCheck(connection, needs, request.sample(), facts, differences)
          .check(months(spans), this::step);
    }
    connection.commit();
    return new CheckOutcome(
        at,
        database.settings().toString(),
        matrix.name(),
        checks(canBeRead),
        facts,
        warnings,
        differences,
        columnMonths);
  }

  private void step() {
    stepsMade++;
    step.run();
  }

  /** Returns the checks that are made; one that is not is none that was passed. */
  private List<String> checks(boolean canBeRead) {
    if (!canBeRead) {
      return List.of(MANIFEST, DEFINITION);
    }
    return request.sample() > 0
        ? CHECKS
        : CHECKS.subList(0, CHECKS.indexOf(LookAheadCheck.LOOK_AHEAD));
  }

  private void manifest(Manifest found) {
    facts.add(new Finding(MANIFEST, null, null, null, null, null, found.sha256(), null));
    for (MatrixColumn column : columns) {
      if (column.source() != null && column.family() == null) {
        differences.add(
            new Finding(
                MANIFEST,
                null,
                null,
                null,
                null,
                column.name(),
                "no longer in the catalogue",
                column.source()));
      }
    }
    if (request.against() != null) {
      for (Manifest.Difference difference : found.differences(request.against())) {
        differences.add(
            new Finding(
                MANIFEST + ": " + difference.what(),
                null,
                null,
                null,
                null,
                difference.column(),
                Objects.requireNonNullElse(difference.found(), "nothing"),
                Objects.requireNonNullElse(difference.expected(), "nothing")));
      }
    }
  }

  /** Bars and baselines change: what was right when the matrix was defined may not be any more. */
  private void definition(List<String> warned) {
    for (String one : warned) {
      warnings.add(new Finding(DEFINITION, null, null, null, null, null, one, null));
    }
  }

  private List<Span> spans(String pair) {
    Instant baseline =
        sql
            .fetch("SELECT baseline_time FROM bqx.baseline_rates WHERE pair = {0}", DSL.val(pair))
            .into(OffsetDateTime.class)
            .stream()
            .map(OffsetDateTime::toInstant)
            .findFirst()
            .orElse(null);
    Instant first = matrix.from() == null ? baseline : matrix.from();
    List<Span> spans = new ArrayList<>();
    if (first != null) {
      for (LocalDate month :
          sql.fetch(
                  "SELECT month FROM bqx.m1_month WHERE pair = {0} AND bars > 0 ORDER BY 1",
                  DSL.val(pair))
              .into(LocalDate.class)) {
        Instant start = month.atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant end = month.plusMonths(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant from = start.isBefore(first) ? first : start;
        Instant to = matrix.to() != null && matrix.to().isBefore(end) ? matrix.to() : end;
        if (from.isBefore(to)) {
          spans.add(new Span(YearMonth.from(month), from, to));
        }
      }
    }
    if (spans.isEmpty()) {
      differences.add(
          new Finding(
              RowsCheck.ROWS, null, pair, null, null, null, "no bars or no baseline", "rows"));
    }
    return spans;
  }

  private static Set<YearMonth> months(Map<String, List<Span>> spans) {
    Set<YearMonth> months = new TreeSet<>();
    spans.values().forEach(list -> list.forEach(span -> months.add(span.month())));
    return months;
  }

  private void requireReference(Set<YearMonth> months) {
    if (request.reference() != null && !months.isEmpty() && !months.contains(request.reference())) {
      throw new Failure(
          ExitCode.USAGE,
          "matrix \"%s\" has no rows in %s, but in %s"
              .formatted(
                  matrix.name(),
                  request.reference(),
                  months.stream().map(YearMonth::toString).collect(Collectors.joining(", "))),
          "./bqx matrix check %s --reference %s"
              .formatted(matrix.name(), months.iterator().next()));
    }
  }

  /** Partitions that the rows are read from must be current, and those of the pair itself there. */
  private void states(Map<String, List<Span>> spans) {
    Set<Open> open = new LinkedHashSet<>();
    Set<Open> unquoted = new LinkedHashSet<>();
    for (Map.Entry<String, List<Span>> pair : spans.entrySet()) {
      List<Need> read = needs.of(pair.getKey());
      PartitionFacts partitions = PartitionFacts.read(sql, read, null, null);
      for (YearMonth month : months(pair.getValue())) {
        Sources sources = partitions.sources(partitions.partitions(read, month));
        open.addAll(sources.missing());
        open.addAll(sources.stale());
        open.addAll(sources.unquoted(pair.getKey(), month));
        unquoted.addAll(sources.unquoted());
      }
    }
    open.forEach(one -> differences.add(finding(one)));
    // NULL of a related pair, or of bars before the row.
    unquoted.removeAll(open);
    unquoted.forEach(one -> warnings.add(finding(one)));
    // What is not computed any more has no partitions to be told of.
    Set<String> enabled =
        sql.select(FEATURE.FAMILY)
            .from(FEATURE)
            .where(FEATURE.ENABLED.isTrue())
            .fetchSet(FEATURE.FAMILY);
    for (String family : needs.families()) {
      if (!enabled.contains(family)) {
        differences.add(
            new Finding(STATE, family, null, null, null, null, "not enabled", "enabled"));
      }
    }
  }

  private static Finding finding(Open one) {
    return new Finding(
        STATE,
        one.partition().family(),
        one.partition().pair(),
        one.partition().month(),
        null,
        null,
        one.state() + (one.reason() == null ? "" : ", " + one.reason()),
        "done");
  }

  /** Returns the months from the first to the last, those without bars too. */
  private static List<YearMonth> months(List<Span> spans) {
    if (spans.isEmpty()) {
      return List.of();
    }
    YearMonth last = spans.get(spans.size() - 1).month();
    return Stream.iterate(
            spans.get(0).month(), month -> !month.isAfter(last), month -> month.plusMonths(1))
        .toList();
  }

  private void pair(String pair, List<Span> spans) throws SQLException {
    if (spans.isEmpty()) {
      return;
    }
    types(pair, spans.get(0));
    List<MatrixColumn> numbers =
        columns.stream().filter(column -> column.type().equals("double precision")).toList();
    int longestLookback =
        columns.stream().map(MatrixColumn::lookback).filter(Objects::nonNull).reduce(0, Math::max);
    RowsCheck rowsCheck = new RowsCheck(connection, reader, needs, facts, differences);
    ColumnCheck check = new ColumnCheck(pair, request, warnings, differences);
    Map<Span, Integer> before = new HashMap<>();
    Map<Span, Sample> samples = new HashMap<>();
    int size = chunk(pair, spans);
    for (int first = 0; first < numbers.size(); first += size) {
      List<MatrixColumn> some = numbers.subList(first, Math.min(first + size, numbers.size()));
      double[][] reference = reference(pair, spans, some);
      for (Span span : spans) {
        MatrixRows rows = reader.read(pair, span.from(), span.to(), some, "");
        if (first == 0) {
          before.put(span, reader.barsBefore(pair, span.from(), longestLookback));
          rowsCheck.check(pair, span, rows);
          samples.put(span, sample(rows, numbers.size()));
        }
        for (int i = 0; i < some.size(); i++) {
          if (reference[i] == null || reference[i].length == 0 && isFirstMonth()) {
            reference[i] = rows.numbers(i);
          }
          columnMonths.add(check.check(span.month(), rows, i, before.get(span), reference[i]));
          samples.get(span).keep(rows, i, first + i);
        }
      }
    }
    for (Span span : spans) {
      alone(pair, span, numbers, samples.get(span));
      step();
    }
    drift(pair, spans);
  }

  /** Returns whether months are compared with the first that has numbers. */
  private boolean isFirstMonth() {
    return request.reference() == null && !request.referenceIsTrain();
  }

  /** Returns how many columns to read at a time. */
  private int chunk(String pair, List<Span> spans) {
    long rows =
        request.referenceIsTrain()
            ? sql.fetchSingle(
                    "SELECT coalesce(sum(bars), 0) FROM bqx.m1_month WHERE pair = {0} AND month <= {1}",
                    DSL.val(pair), DSL.val(spans.get(spans.size() - 1).month().atDay(1)))
                .into(long.class)
            : 1;
    int most = (int) Math.min(MOST_COLUMNS, VALUES / Math.max(rows, VALUES / MOST_COLUMNS));
    return Math.max(most, 1);
  }

  /** Returns what the columns are compared with; null for the first month that is read. */
  private double[][] reference(String pair, List<Span> spans, List<MatrixColumn> some)
      throws SQLException {
    double[][] reference = new double[some.size()][];
    MatrixRows rows = null;
    if (request.referenceIsTrain()) {
      rows =
          reader.read(
              pair,
              spans.get(0).from(),
              spans.get(spans.size() - 1).to(),
              some,
              " WHERE q.split = 'train'");
    } else if (request.reference() != null) {
      for (Span span : spans) {
        if (span.month().equals(request.reference())) {
          rows = reader.read(pair, span.from(), span.to(), some, "");
        }
      }
      if (rows == null) {
        Arrays.fill(reference, new double[0]);
      }
    }
    Finding nothing =
        new Finding(
            ColumnCheck.DRIFT,
            null,
            pair,
            request.reference(),
            null,
            null,
            "no rows to compare months with",
            request.referenceIsTrain() ? "rows of train" : "rows");
    if (!isFirstMonth() && (rows == null || rows.size() == 0) && !warnings.contains(nothing)) {
      warnings.add(nothing);
    }
    for (int i = 0; rows != null && i < reference.length; i++) {
      reference[i] = rows.numbers(i);
    }
    return reference;
  }

  private void types(String pair, Span span) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet none =
            statement.executeQuery(
                "SELECT * FROM (" + reader.query(pair, span.from(), span.to()) + ") q LIMIT 0")) {
      ResultSetMetaData found = none.getMetaData();
      for (int i = 0; i < Math.max(columns.size(), found.getColumnCount()); i++) {
        String is =
            i < found.getColumnCount()
                ? found.getColumnName(i + 1)
                    + " "
                    + TYPE_NAMES.getOrDefault(
                        found.getColumnTypeName(i + 1), found.getColumnTypeName(i + 1))
                : null;
        MatrixColumn column = i < columns.size() ? columns.get(i) : null;
        String expected = column == null ? "no column" : column.name() + " " + column.type();
        if (!expected.equals(is)) {
          differences.add(
              new Finding(
                  TYPES,
                  null,
                  pair,
                  null,
                  null,
                  column == null ? null : column.name(),
                  is,
                  expected));
        }
      }
    }
  }

  /** Returns rows evenly spread over those of a month, without values yet. */
  private Sample sample(MatrixRows rows, int columnCount) {
    int size = Math.min(request.sample(), rows.size());
    int[] places = new int[size];
    for (int n = 0; n < size; n++) {
      places[n] = (int) ((rows.size() - 1L) * n / Math.max(size - 1, 1));
    }
    return new Sample(places, rows.times(), new Long[size][columnCount]);
  }

  /** A row that is asked for alone has the bits that it has among the others. */
  private void alone(String pair, Span span, List<MatrixColumn> numbers, Sample sample)
      throws SQLException {
    for (int n = 0; n < sample.places().length; n++) {
      Instant time = MatrixRows.instant(sample.times()[sample.places()[n]]);
      MatrixRows row = reader.read(pair, time, time.plus(1, ChronoUnit.MINUTES), numbers, "");
      if (row.size() != 1) {
        differences.add(
            new Finding(
                ALONE,
                null,
                pair,
                span.month(),
                time,
                null,
                Quantity.of(row.size(), "row"),
                "1 row"));
        continue;
      }
      for (int i = 0; i < numbers.size(); i++) {
        if (!Objects.equals(row.bits(i, 0), sample.bits()[n][i])) {
          differences.add(
              new Finding(
                  ALONE,
                  null,
                  pair,
                  span.month(),
                  time,
                  numbers.get(i).name(),
                  MatrixRows.text(sample.bits()[n][i]),
                  MatrixRows.text(row.bits(i, 0))));
        }
      }
    }
  }

  /** One fact a month: how far the columns have gone, and which one most. */
  private void drift(String pair, List<Span> spans) {
    Set<String> levels =
        columns.stream()
            .filter(ColumnCheck::isLevel)
            .map(MatrixColumn::name)
            .collect(Collectors.toSet());
    for (Span span : spans) {
      columnMonths.stream()
          .filter(one -> one.pair().equals(pair) && one.month().equals(span.month()))
          .filter(one -> one.psi() != null && !levels.contains(one.column()))
          .max((a, b) -> Double.compare(a.psi(), b.psi()))
          .ifPresent(
              most ->
                  facts.add(
                      new Finding(
                          ColumnCheck.DRIFT,
                          null,
                          pair,
                          span.month(),
                          null,
                          most.column(),
                          String.format(
                              Locale.ROOT,
                              "PSI at most %.3f, KS of it %.3f",
                              most.psi(),
                              most.ks()),
                          null)));
    }
  }
}
