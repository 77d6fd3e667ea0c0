package org.bqx.engine;

import static org.bqx.jooq.Tables.FAMILY;
import static org.bqx.jooq.Tables.FEATURE;
import static org.bqx.jooq.Tables.FEATURE_COLUMN;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bqx.connection.Sql;
import org.bqx.functions.FeatureFunctions;
import org.bqx.functions.ReferenceFunctions;
import org.bqx.jooq.tables.records.FeatureColumnRecord;
import org.bqx.partition.Partition;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/**
 * What {@code bqx.verify_reference} and {@code bqx.verify_every_row} do where Java runs in the
 * server: a partition's rows beside the reference's, and beside all rows computed again.
 *
 * <p>It belongs in the transaction that has called {@code bqx.verify}, which keeps the partition
 * from being replaced.
 */
public final class ClientReference {
  /** A row's value that is not what it should be; texts are the server's. */
  public record Difference(Instant time, String column, String found, String expected) {}

  /** A difference whose values are not text yet. */
  private record Numbers(Instant time, String column, Double found, Double expected) {}

  private static final int FETCH_ROWS = 500;
  private static final int MOST_NAMED = 20;
  private static final String INVALID_PARAMETER_VALUE = "22023";

  private static final String SOURCE =
      """
      SELECT array_send(times), array_send(inputs), bars, skip, tail, windows, digest, bqx.partition_name(?, ?, ?)
      FROM bqx.verified_source(?, ?, ?)
      """;

  private final Connection connection;
  private final Partition partition;
  private final List<FeatureColumnRecord> columns;
  private final long[] times;
  private final double[] inputs;
  private final int bars;
  private final int skip;
  private final int tail;
  private final int[] windows;
  private final String digest;
  private final String name;

  /** Reads what the partition is computed from. */
  public ClientReference(Connection connection, Partition partition) throws SQLException {
    this.connection = connection;
    this.partition = partition;
    columns =
        Sql.on(connection)
            .selectFrom(FEATURE_COLUMN)
            .where(FEATURE_COLUMN.FAMILY.eq(partition.family()))
            .orderBy(FEATURE_COLUMN.ELEMENT)
            .fetch();
    try (PreparedStatement statement = connection.prepareStatement(SOURCE)) {
      statement.unwrap(PGStatement.class).setPrepareThreshold(BinaryArray.BINARY);
      for (int first : new int[] {1, 4}) {
        statement.setString(first, partition.family());
        statement.setString(first + 1, partition.pair());
        statement.setObject(first + 2, partition.month().atDay(1));
      }
      try (ResultSet source = statement.executeQuery()) {
        source.next();
        times = BinaryArray.longs(source.getBytes(1));
        inputs = BinaryArray.doubles(source.getBytes(2));
        bars = source.getInt(3);
        skip = source.getInt(4);
        tail = source.getInt(5);
        Integer[] lengths = (Integer[]) source.getArray(6).getArray();
        windows = new int[lengths.length];
        for (int i = 0; i < windows.length; i++) {
          windows[i] = lengths[i];
        }
        digest = source.getString(7);
        name = source.getString(8);
      }
    }
  }

  /** Returns the digest of what was read. */
  public String digest() {
    return digest;
  }

  /** Returns how many rows the partition should have. */
  public long rows() {
    return bars - skip - (long) tail;
  }

  /**
   * Returns where rows are further from the reference than the catalogue allows.
   *
   * @param positions of bars, from 1 at the lookback's start
   */
  public List<Difference> againstReference(int[] positions) throws SQLException {
    Map<Instant, double[]> references = new TreeMap<>();
    Iterator<double[]> rows =
        ReferenceFunctions.featureReference(partition.family(), inputs, bars, windows, positions);
    for (int position : positions) {
      references.put(time(position - 1), rows.next());
    }
    List<Numbers> differences = new ArrayList<>();
    String where = " WHERE p.ts_utc = ANY (?)";
    try (PreparedStatement statement = select(where)) {
      statement.setArray(
          1,
          connection.createArrayOf(
              "timestamptz",
              references.keySet().stream().map(time -> time.atOffset(ZoneOffset.UTC)).toArray()));
      try (ResultSet stored = statement.executeQuery()) {
        while (stored.next()) {
          Instant time = stored.getObject(1, OffsetDateTime.class).toInstant();
          double[] reference = references.get(time);
          for (int i = 0; i < columns.size(); i++) {
            Double found = number(stored, i + 1);
            Double expected = element(reference, i + 1);
            if (isFar(found, expected, columns.get(i).getTolerance())) {
              differences.add(new Numbers(time, columns.get(i).getColumnName(), found, expected));
            }
          }
        }
      }
    }
    return texts(differences);
  }

  /**
   * Computes every row again, and returns where bits differ: of the first rows that do by column,
   * and if there are more, how many.
   */
  public List<Difference> everyRow() throws SQLException {
    requireVersion();
    Iterator<double[]> rows =
        FeatureFunctions.featureRows(partition.family(), inputs, bars, windows, skip, tail);
    List<Numbers> differences = new ArrayList<>();
    long different = 0;
    try (PreparedStatement statement = select("")) {
      statement.setFetchSize(FETCH_ROWS);
      try (ResultSet stored = statement.executeQuery()) {
        int bar = skip - 1;
        double[] row = null;
        while (stored.next()) {
          Instant time = stored.getObject(1, OffsetDateTime.class).toInstant();
          while (rows.hasNext() && (bar < skip || time(bar).isBefore(time))) {
            row = rows.next();
            bar++;
          }
          if (bar < skip || !time(bar).equals(time)) {
            continue; // a row without a bar, which bqx.verify has named
          }
          int before = differences.size();
          boolean same = true;
          for (int i = 0; i <= columns.size(); i++) {
            Double found = number(stored, i);
            Double expected = element(row, i);
            if (!hasSameBits(found, expected)) {
              same = false;
              differences.add(new Numbers(time, name(i), found, expected));
            }
          }
          if (!same && ++different > MOST_NAMED) {
            differences.subList(before, differences.size()).clear();
          }
        }
      }
    }
    List<Difference> named = new ArrayList<>(texts(differences));
    if (different > MOST_NAMED) {
      named.add(new Difference(null, null, different + " rows differ", "none"));
    }
    return named;
  }

  /**
   * Computes rows again from the bars up to theirs, and with the bars that they may not read
   * changed; returns where bits differ.
   *
   * @param sample rows, evenly spread
   * @param reach bars before a row that it may read; null for all
   */
  List<LookAhead.Difference> lookAhead(int sample, Integer reach) throws SQLException {
    requireVersion();
    double[] changed = changed();
    List<LookAhead.Difference> differences = new ArrayList<>();
    int rows = bars - skip - tail;
    int wanted = Math.min(sample, rows);
    for (int n = 0; n < wanted; n++) {
      int position = skip + 1 + (int) ((rows - 1L) * n / Math.max(wanted - 1, 1));
      int kept = reach == null ? 0 : Math.max(position - 1 - reach, 0);
      double[] cut = new double[inputs.length / bars * position];
      double[] mixed = changed.clone();
      for (int series = 0; series < inputs.length / bars; series++) {
        System.arraycopy(inputs, series * bars, cut, series * position, position);
        System.arraycopy(
            inputs, series * bars + kept, mixed, series * bars + kept, position - kept);
      }
      compare(differences, LookAhead.CUT, position, cut, position);
      compare(differences, LookAhead.CHANGED, position, mixed, bars);
    }
    return differences;
  }

  private void compare(
      List<LookAhead.Difference> differences, String change, int position, double[] seen, int count)
      throws SQLException {
    double[] row =
        FeatureFunctions.featureRows(
                partition.family(), seen, count, windows, position - 1, count - position)
            .next();
    List<Numbers> numbers = new ArrayList<>();
    try (PreparedStatement statement = select(" WHERE p.ts_utc = ?")) {
      statement.setObject(1, time(position - 1).atOffset(ZoneOffset.UTC));
      try (ResultSet stored = statement.executeQuery()) {
        while (stored.next()) {
          for (int i = 0; i <= columns.size(); i++) {
            Double found = number(stored, i);
            Double expected = element(row, i);
            if (!hasSameBits(found, expected)) {
              numbers.add(new Numbers(time(position - 1), name(i), found, expected));
            }
          }
        }
      }
    }
    for (Difference one : texts(numbers)) {
      differences.add(
          new LookAhead.Difference(one.time(), one.column(), change, one.found(), one.expected()));
    }
  }

  private String name(int element) {
    return element == 0 ? "rate_index" : columns.get(element - 1).getColumnName();
  }

  /** Returns the inputs with prices times 1.5 and volumes 1; times and ages stay. */
  private double[] changed() {
    List<String> names =
        new ArrayList<>(
            List.of(
                Sql.on(connection)
                    .select(FAMILY.INPUTS)
                    .from(FAMILY)
                    .where(FAMILY.FAMILY_.eq(partition.family()))
                    .fetchSingle()
                    .value1()));
    names.remove("related");
    double[] changed = new double[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      int series = i / bars;
      // Beyond the names there are, of each related pair, index, close and age.
      boolean isAge = series >= names.size() && (series - names.size()) % 3 == 2;
      String name = series < names.size() ? names.get(series) : isAge ? "minute" : "x";
      changed[i] =
          switch (name) {
            case "minute" -> inputs[i];
            case "volume" -> 1;
            default -> inputs[i] * 1.5;
          };
    }
    return changed;
  }

  private void requireVersion() throws SQLException {
    String version = FeatureFunctions.functionsVersion(partition.family());
    String migrated =
        Sql.on(connection)
            .select(FEATURE.FUNCTIONS_VERSION)
            .from(FEATURE)
            .where(FEATURE.FAMILY.eq(partition.family()))
            .fetchOne(FEATURE.FUNCTIONS_VERSION);
    if (!version.equals(migrated)) {
      throw new SQLException(
          "this client computes %s by %s, the database is migrated to %s"
              .formatted(partition.family(), version, migrated),
          INVALID_PARAMETER_VALUE);
    }
  }

  private PreparedStatement select(String where) throws SQLException {
    PGConnection session = connection.unwrap(PGConnection.class);
    StringBuilder query = new StringBuilder("SELECT p.ts_utc, p.rate_index");
    for (FeatureColumnRecord column : columns) {
      query.append(", p.").append(session.escapeIdentifier(column.getColumnName()));
    }
    query.append(" FROM bqx.").append(session.escapeIdentifier(name)).append(" p");
    PreparedStatement statement =
        connection.prepareStatement(query.append(where).append(" ORDER BY p.ts_utc").toString());
    statement.unwrap(PGStatement.class).setPrepareThreshold(BinaryArray.BINARY);
    return statement;
  }

  private Instant time(int bar) {
    return BinaryArray.time(times[bar]);
  }

  /** Returns an element as the table stores it: NULL where it is undefined or lacks history. */
  private static Double element(double[] row, int index) {
    return index >= row.length || Double.isNaN(row[index]) ? null : row[index];
  }

  private static Double number(ResultSet stored, int element) throws SQLException {
    double value = stored.getDouble(element + 2);
    return stored.wasNull() ? null : value;
  }

  private static boolean isFar(Double found, Double expected, double tolerance) {
    if (found == null || expected == null) {
      return (found == null) != (expected == null);
    }
    return !ReferenceFunctions.isNear(found, expected, tolerance);
  }

  private static boolean hasSameBits(Double found, Double expected) {
    return found == null || expected == null
        ? found == null && expected == null
        : Double.doubleToRawLongBits(found) == Double.doubleToRawLongBits(expected);
  }

  /** Has the server write the numbers, so that they look as those that it finds. */
  private List<Difference> texts(List<Numbers> differences) throws SQLException {
    if (differences.isEmpty()) {
      return List.of();
    }
    Object[] found = differences.stream().map(Numbers::found).toArray();
    Object[] expected = differences.stream().map(Numbers::expected).toArray();
    List<Difference> texts = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT n.found::text, n.expected::text
            FROM unnest(?::float8[], ?::float8[]) WITH ORDINALITY n (found, expected, no)
            ORDER BY n.no
            """)) {
      statement.setArray(1, connection.createArrayOf("float8", found));
      statement.setArray(2, connection.createArrayOf("float8", expected));
      try (ResultSet row = statement.executeQuery()) {
        for (Numbers one : differences) {
          row.next();
          texts.add(new Difference(one.time(), one.column(), row.getString(1), row.getString(2)));
        }
      }
    }
    return texts;
  }
}
