package org.bqx.matrix;

import static org.bqx.jooq.Tables.FEATURE;

import java.sql.Connection;
import java.sql.PreparedStatement;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.engine.LookAhead;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.jooq.Routines;
import org.bqx.matrix.CheckOutcome.ColumnMonth;
import org.bqx.partition.Need;
import org.bqx.partition.Partition;
import org.bqx.partition.PartitionFacts;
import org.bqx.partition.PartitionFacts.Open;
import org.bqx.partition.PartitionFacts.Sources;
import org.bqx.terminal.Quantity;
import org.bqx.verify.Finding;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.postgresql.PGConnection;

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
  private static final String STATE = "state";
  private static final String ROWS = "rows";
  private static final String TYPES = "types";
  private static final String TARGET = "target";
  private static final String LOOK_AHEAD = "no look-ahead";
  private static final String ALONE = "a row alone";
  private static final List<String> CHECKS =
      List.of(
          MANIFEST,
          STATE,
          TYPES,
          ROWS,
          ColumnCheck.FINITE,
          ColumnCheck.RANGE,
          ColumnCheck.NULLS,
          ColumnCheck.CONSTANT,
          ColumnCheck.DRIFT,
          TARGET,
          LOOK_AHEAD,
          ALONE);

  private static final int VALUES = 4_000_000;
  private static final int MOST_COLUMNS = 256;
  private static final long MINUTE = 60_000_000L;
  private static final Map<String, String> TYPE_NAMES =
      Map.of(
          "text", "text",
          "float8", "double precision",
          "int4", "integer",
          "timestamptz", "timestamp with time zone");

  /** A month of a pair, cut to the matrix's range. */
  private record Span(YearMonth month, Instant from, Instant to) {}

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
  private MatrixFact matrix;
  private MatrixNeeds needs;
  private List<MatrixColumn> columns;

  /**
   * Prepares a check.
   *
   * @param total gets the number of steps
   * @param step runs after each
   */
  public MatrixCheck(Database database, CheckRequest request, LongConsumer total, Runnable step) {
    this.database = database;
    this.request = request;
    this.total = total;
    this.step = step;
  }

  /**
   * Checks everything, all of one snapshot.
   *
   * @throws Failure when the matrix does not exist, or has no rows in the month of reference
   */
  public CheckOutcome run() throws SQLException {
    try (MatrixStore store = new MatrixStore(database)) {
      matrix = store.require(request.name());
      needs = store.needs(matrix);
      columns = needs.columns();
      manifest(store.manifest(matrix.name()));
    }
    try (Connection opened = database.connectForWork()) {
      connection = opened;
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      sql = Sql.on(connection);
      sql.execute("SET LOCAL join_collapse_limit = 1");
      Instant at = sql.fetchSingle("SELECT now()").into(OffsetDateTime.class).toInstant();
      Map<String, List<Span>> spans = new LinkedHashMap<>();
      for (String pair : matrix.pairs()) {
        spans.put(pair, spans(pair));
      }
      requireReference(spans);
      boolean canBeRead =
          columns.stream().allMatch(column -> column.source() == null || column.family() != null);
      if (canBeRead) {
        total.accept(2L * spans.values().stream().mapToInt(List::size).sum());
        states(spans);
        for (Map.Entry<String, List<Span>> pair : spans.entrySet()) {
          pair(pair.getKey(), pair.getValue());
        }
        lookAhead(spans);
      }
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
  }

  /** Returns the checks that are made; one that is not is none that was passed. */
  private List<String> checks(boolean canBeRead) {
    if (!canBeRead) {
      return List.of(MANIFEST);
    }
    return request.sample() > 0 ? CHECKS : CHECKS.subList(0, CHECKS.indexOf(LOOK_AHEAD));
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
          new Finding(ROWS, null, pair, null, null, null, "no bars or no baseline", "rows"));
    }
    return spans;
  }

  private void requireReference(Map<String, List<Span>> spans) {
    Set<YearMonth> months = new TreeSet<>();
    spans.values().forEach(list -> list.forEach(span -> months.add(span.month())));
    if (request.reference() != null && !months.isEmpty() && !months.contains(request.reference())) {
      throw new Failure(
          ExitCode.USAGE,
          "matrix \"%s\" has no rows in %s, but in %s"
              .formatted(
                  matrix.name(),
                  request.reference(),
                  months.stream().map(YearMonth::toString).collect(Collectors.joining(", "))),
          "./bqx matrix check %s --reference %s".formatted(matrix.name(), months.iterator().next()));
    }
  }

  /** Partitions that the rows are read from must be current. */
  private void states(Map<String, List<Span>> spans) {
    Set<Open> open = new LinkedHashSet<>();
    for (Map.Entry<String, List<Span>> pair : spans.entrySet()) {
      List<Need> read = needs.of(pair.getKey());
      PartitionFacts partitions = PartitionFacts.read(sql, read, null, null);
      for (YearMonth month : months(pair.getValue())) {
        Sources sources = partitions.sources(partitions.partitions(read, month));
        open.addAll(sources.missing());
        open.addAll(sources.stale());
      }
    }
    for (Open one : open) {
      differences.add(
          new Finding(
              STATE,
              one.partition().family(),
              one.partition().pair(),
              one.partition().month(),
              null,
              null,
              one.state() + (one.reason() == null ? "" : ", " + one.reason()),
              "done"));
    }
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

  /** Returns the families that are read of each pair. */
  private Map<String, Set<String>> families() {
    Map<String, Set<String>> families = new TreeMap<>();
    for (String pair : matrix.pairs()) {
      for (Need need : needs.of(pair)) {
        families.computeIfAbsent(need.pair(), name -> new TreeSet<>()).add(need.family());
      }
    }
    return families;
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
    ColumnCheck check = new ColumnCheck(pair, request, warnings, differences);
    Map<Span, Integer> before = new HashMap<>();
    Map<Span, Sample> samples = new HashMap<>();
    int size = chunk(pair, spans);
    for (int first = 0; first < numbers.size(); first += size) {
      List<MatrixColumn> some = numbers.subList(first, Math.min(first + size, numbers.size()));
      double[][] reference = reference(pair, spans, some);
      for (Span span : spans) {
        MatrixRows rows = read(pair, span.from(), span.to(), some, "");
        if (first == 0) {
          before.put(span, barsBefore(pair, span.from(), longestLookback));
          rows(pair, span, rows);
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
      step.run();
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
          read(
              pair,
              spans.get(0).from(),
              spans.get(spans.size() - 1).to(),
              some,
              " WHERE q.split = 'train'");
    } else if (request.reference() != null) {
      for (Span span : spans) {
        if (span.month().equals(request.reference())) {
          rows = read(pair, span.from(), span.to(), some, "");
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

  private MatrixRows read(
      String pair, Instant from, Instant to, List<MatrixColumn> some, String condition)
      throws SQLException {
    return MatrixRows.read(connection, query(pair, from, to), some, condition);
  }

  private String query(String pair, Instant from, Instant to) {
    return Routines.matrixQuery(
        sql.configuration(),
        matrix.name(),
        pair,
        from.atOffset(ZoneOffset.UTC),
        to.atOffset(ZoneOffset.UTC));
  }

  private void types(String pair, Span span) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet none =
            statement.executeQuery(
                "SELECT * FROM (" + query(pair, span.from(), span.to()) + ") q LIMIT 0")) {
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

  private int barsBefore(String pair, Instant from, int most) throws SQLException {
    return sql.fetchSingle(
            "SELECT count(*)::int FROM (SELECT FROM {0} WHERE time < {1} LIMIT {2}) bars",
            table("m1", pair), DSL.val(from.atOffset(ZoneOffset.UTC)), DSL.inline(most))
        .into(int.class);
  }

  private static org.jooq.Table<?> table(String kind, String pair) {
    return DSL.table(DSL.name("bqx", kind + "_" + pair));
  }

  /** One row a bar, in the order of time, and each with the target of the bar that it should be. */
  private void rows(String pair, Span span, MatrixRows rows) throws SQLException {
    int horizon = matrix.targetHorizon() == null ? 0 : matrix.targetHorizon();
    int bars =
        sql.fetchSingle(
                "SELECT count(*)::int FROM {0} WHERE time >= {1} AND time < {2}",
                table("m1", pair),
                DSL.val(span.from().atOffset(ZoneOffset.UTC)),
                DSL.val(span.to().atOffset(ZoneOffset.UTC)))
            .into(int.class);
    long[] times = new long[bars + horizon];
    Long[] returns = new Long[bars + horizon];
    int known = 0;
    PGConnection session = connection.unwrap(PGConnection.class);
    String returned =
        matrix.targetWindow() == null
            ? "NULL::float8"
            : "f." + session.escapeIdentifier("w%d_bqx_return".formatted(matrix.targetWindow()));
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT (extract(epoch FROM m.time) * 1000000)::bigint, %s
            FROM (SELECT time FROM bqx.%s WHERE time >= ? ORDER BY time LIMIT ?) m
            LEFT JOIN bqx.%s f ON f.ts_utc = m.time AND f.ts_utc >= ?
            ORDER BY 1
            """
                .formatted(
                    returned,
                    session.escapeIdentifier("m1_" + pair),
                    session.escapeIdentifier("bqx_" + pair)))) {
      statement.setObject(1, span.from().atOffset(ZoneOffset.UTC));
      statement.setInt(2, bars + horizon);
      statement.setObject(3, span.from().atOffset(ZoneOffset.UTC));
      try (ResultSet bar = statement.executeQuery()) {
        while (bar.next()) {
          times[known] = bar.getLong(1);
          double value = bar.getDouble(2);
          returns[known] = bar.wasNull() ? null : Double.doubleToRawLongBits(value);
          known++;
        }
      }
    }

    facts.add(
        new Finding(
            ROWS, null, pair, span.month(), null, null, "%d rows".formatted(rows.size()), null));
    for (int i = 0; i < rows.size(); i++) {
      if (i > 0 && rows.times()[i] <= rows.times()[i - 1]) {
        addRow(pair, span, rows.times()[i], "a row that is not after the one before", "ascending");
        return;
      }
      if (rows.times()[i] % MINUTE != 0) {
        addRow(pair, span, rows.times()[i], "a row", "on the minute");
      }
    }
    int missing = firstAbsent(Arrays.copyOf(times, bars), rows.times());
    if (missing >= 0) {
      addRow(
          pair,
          span,
          times[missing],
          "%d rows".formatted(rows.size()),
          "%d, one for each bar".formatted(bars));
    }
    int extra = firstAbsent(rows.times(), Arrays.copyOf(times, bars));
    if (extra >= 0) {
      addRow(pair, span, rows.times()[extra], "a row", "none, there is no bar");
    }
    if (matrix.targetWindow() != null) {
      targets(pair, span, Arrays.copyOf(times, known), returns);
    }
  }

  private void addRow(String pair, Span span, long time, String found, String expected) {
    differences.add(
        new Finding(
            ROWS, null, pair, span.month(), MatrixRows.instant(time), null, found, expected));
  }

  /** Returns the index of the first that the others lack, -1 for none. */
  private static int firstAbsent(long[] times, long[] others) {
    for (int i = 0; i < times.length; i++) {
      if (Arrays.binarySearch(others, times[i]) < 0) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The target of each row is, bit by bit, the return of the bar that many bars after, counted here
   * in the list of bars; NULL where there is no such bar, or where its return is NULL as its window
   * is longer than the history.
   */
  private void targets(String pair, Span span, long[] times, Long[] returns) throws SQLException {
    MatrixColumn target =
        columns.stream().filter(c -> c.role().equals("target")).findFirst().orElseThrow();
    String time = target.name() + "_time";
    int horizon = matrix.targetHorizon();
    int before = barsBefore(pair, span.from(), matrix.targetWindow());
    PGConnection session = connection.unwrap(PGConnection.class);
    int wrong = 0;
    Finding first = null;
    int index = 0;
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT (extract(epoch FROM ts_utc) * 1000000)::bigint, %s, (extract(epoch FROM %s) * 1000000)::bigint FROM (%s) q"
                    .formatted(
                        session.escapeIdentifier(target.name()),
                        session.escapeIdentifier(time),
                        query(pair, span.from(), span.to())))) {
      while (row.next()) {
        long at = row.getLong(1);
        double value = row.getDouble(2);
        Long found = row.wasNull() ? null : Double.doubleToRawLongBits(value);
        long foundTime = row.getLong(3);
        boolean noTime = row.wasNull();
        index = Arrays.binarySearch(times, at);
        if (index < 0) {
          continue; // named by its row
        }
        boolean undefined =
            index + horizon >= times.length
                || before + (long) index + horizon < matrix.targetWindow();
        Long expected = undefined ? null : returns[index + horizon];
        boolean right =
            Objects.equals(found, expected)
                && (found != null) != undefined
                && noTime == undefined
                && (noTime || foundTime == times[index + horizon]);
        if (!right) {
          wrong++;
          if (first == null) {
            first =
                new Finding(
                    TARGET,
                    null,
                    pair,
                    span.month(),
                    MatrixRows.instant(at),
                    target.name(),
                    number(found),
                    expected(
                        undefined,
                        expected,
                        MatrixRows.instant(undefined ? at : times[index + horizon])));
          }
        }
      }
    }
    if (first != null) {
      differences.add(
          new Finding(
              TARGET,
              null,
              pair,
              span.month(),
              first.time(),
              first.column(),
              wrong == 1 ? first.found() : "%s, and %d others".formatted(first.found(), wrong - 1),
              first.expected()));
    }
  }

  private static String expected(boolean undefined, Long bits, Instant time) {
    if (undefined) {
      return "NULL";
    }
    return bits == null
        ? "that of %s, whose row is not there".formatted(time)
        : "%s, of %s".formatted(number(bits), time);
  }

  private static String number(Long bits) {
    return bits == null ? "NULL" : String.valueOf(Double.longBitsToDouble(bits));
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
      MatrixRows row = read(pair, time, time.plus(1, ChronoUnit.MINUTES), numbers, "");
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
                  number(sample.bits()[n][i]),
                  number(row.bits(i, 0))));
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

  private void lookAhead(Map<String, List<Span>> spans) throws SQLException {
    Set<YearMonth> months = new TreeSet<>();
    spans.values().forEach(list -> list.forEach(span -> months.add(span.month())));
    int rows = 0;
    for (Map.Entry<String, Set<String>> pair : families().entrySet()) {
      for (YearMonth month : months) {
        for (String family : pair.getValue()) {
          LookAhead.Result result =
              LookAhead.of(
                  connection, new Partition(family, pair.getKey(), month), request.sample(), null);
          rows += result.rows();
          addLookAhead(pair.getKey(), month, family, result, null);
        }
        if (matrix.targetWindow() != null && matrix.pairs().contains(pair.getKey())) {
          addLookAhead(
              pair.getKey(),
              month,
              "bqx",
              LookAhead.of(
                  connection,
                  new Partition("bqx", pair.getKey(), month),
                  request.sample(),
                  matrix.targetWindow()),
              "w%d_bqx_return".formatted(matrix.targetWindow()));
        }
        if (matrix.pairs().contains(pair.getKey())) {
          step.run();
        }
      }
    }
    facts.add(
        new Finding(
            LOOK_AHEAD,
            null,
            null,
            null,
            null,
            null,
            "%d rows of families computed from the bars up to theirs, and with the others changed"
                .formatted(rows),
            null));
  }

  /**
   * Returns the columns of a family that the matrix has; none where it has what is derived from
   * some, for then any of them may count.
   */
  private Set<String> columnsOf(String family) {
    Set<String> names = new HashSet<>();
    for (MatrixColumn column : columns) {
      if (family.equals(column.family()) && column.source() != null) {
        String[] source = column.source().split("\\.", 2);
        if (!source[0].equals(family)) {
          return Set.of();
        }
        names.add(source[1]);
      }
    }
    return names;
  }

  private void addLookAhead(
      String pair, YearMonth month, String family, LookAhead.Result result, String only) {
    Set<String> named = new HashSet<>();
    Set<String> used = only == null ? columnsOf(family) : Set.of(only);
    for (LookAhead.Difference one : result.differences()) {
      if ((used.isEmpty() || used.contains(one.column()))
          && named.add(one.column() + one.change())) {
        long others =
            result.differences().stream()
                    .filter(
                        other ->
                            other.column().equals(one.column())
                                && other.change().equals(one.change()))
                    .map(LookAhead.Difference::time)
                    .distinct()
                    .count()
                - 1;
        differences.add(
            new Finding(
                (only == null ? LOOK_AHEAD : TARGET) + ": " + one.change(),
                family,
                pair,
                month,
                one.time(),
                one.column(),
                Objects.requireNonNullElse(one.found(), "NULL")
                    + (others == 0 ? "" : ", and %d others".formatted(others)),
                Objects.requireNonNullElse(one.expected(), "NULL")));
      }
    }
  }
}
