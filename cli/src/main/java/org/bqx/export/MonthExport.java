package org.bqx.export;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bqx.connection.Sql;
import org.bqx.digest.Digests;
import org.bqx.export.ExportManifest.Month;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.partition.Need;
import org.bqx.partition.Partition;
import org.bqx.partition.PartitionFacts;
import org.bqx.partition.PartitionFacts.Open;
import org.bqx.partition.PartitionFacts.Sources;
import org.bqx.terminal.Quantity;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * Reads months of pairs, and writes them to files. A month is read in a transaction of its own,
 * which sees the rows and what they were computed from as of one instant.
 */
final class MonthExport {
  private static final String SPLIT = "split";
  private static final int REPORTED_ROWS = 1000;
  private static final int NAMED = 5;
  private static final String GOES_ON = "the same command goes on with what is there";

  private final ExportRequest request;
  private final ExportSource source;
  private final ExportFolder folder;
  private final ExportListener listener;
  private final List<ExportColumn> columns;
  private final Scalers scalers;
  private final Map<String, PartitionFacts> planned;
  private final BinaryRow row;
  private final CsvRow line;
  private final int split;

  /**
   * @param planned for each pair, what all its months are read from
   */
  MonthExport(
      ExportRequest request,
      ExportSource source,
      ExportFolder folder,
      ExportListener listener,
      List<ExportColumn> columns,
      Scalers scalers,
      Map<String, PartitionFacts> planned) {
    this.request = request;
    this.source = source;
    this.folder = folder;
    this.listener = listener;
    this.columns = columns;
    this.scalers = scalers;
    this.planned = planned;
    row = new BinaryRow(columns.size());
    line = new CsvRow(columns.size());
    split = columns.stream().map(ExportColumn::name).toList().indexOf(SPLIT);
  }

  /** Returns what makes a month's files others: the query, and what its rows were computed from. */
  String source(DSLContext sql, Unit unit, Sources sources) {
    return source(source.query(sql, unit.pair(), unit.month()), sources);
  }

  private String source(String query, Sources sources) {
    return Digests.of(query + request.splitFolders() + sources.text());
  }

  /** Returns why rows are not what their bars would give now, null when they are. */
  static String stale(Sources sources) {
    return sources.stale().isEmpty() ? null : named(sources.stale().stream());
  }

  /** Returns the first of some partitions, and how many more there are. */
  static String named(Collection<Open> partitions) {
    int more = partitions.size() - NAMED;
    return named(partitions.stream().limit(NAMED))
        + (more > 0 ? ", and %,d more".formatted(more) : "");
  }

  private static String named(Stream<Open> partitions) {
    return partitions.map(Open::toString).collect(Collectors.joining(", "));
  }

  /**
   * Checks that rows are there that are to be exported.
   *
   * @throws Failure that names partitions that will not do
   */
  static void require(ExportRequest request, Collection<Open> missing, Collection<Open> stale) {
    List<Open> refused = new ArrayList<>(missing);
    if (!request.allowStale()) {
      refused.addAll(stale);
    }
    if (!refused.isEmpty()) {
      throw new Failure(
          ExitCode.FAILED,
          "rows are not what the bars would give now: " + named(refused),
          missing.isEmpty()
              ? "./bqx backfill, or export them as they are with --allow-stale"
              : "./bqx backfill");
    }
  }

  /** Returns what a month is read from, as of this transaction. */
  private Sources sources(DSLContext sql, Unit unit) {
    List<Need> needs = source.needs(unit.pair());
    List<Partition> expected = planned.get(unit.pair()).partitions(needs, unit.month());
    PartitionFacts facts =
        PartitionFacts.read(
            sql,
            needs,
            expected.stream().map(Partition::month).min(Comparator.naturalOrder()).orElseThrow(),
            expected.stream().map(Partition::month).max(Comparator.naturalOrder()).orElseThrow());
    return facts.sources(facts.partitions(needs, unit.month()));
  }

  /**
   * Writes a month's files.
   *
   * @param metadata for the footer of a Parquet file
   * @throws SQLException or DataAccessException with nothing left of what was read: no files, and
   *     no row in the scalers
   */
  Month write(Connection connection, Unit unit, Map<String, String> metadata)
      throws IOException, SQLException {
    Scalers.Mark before = scalers.mark();
    try (MonthFiles files =
        new MonthFiles(
            folder,
            name -> unit.file(request, name),
            (file, header) ->
                request.format() == ExportFormat.CSV
                    ? new CsvSink(file, header)
                    : new ParquetSink(file, columns, metadata, row),
            request.splitFolders())) {
      try {
        return write(connection, unit, files);
      } catch (SQLException | DataAccessException refused) {
        scalers.goBackTo(before);
        listener.read(files.rows() % REPORTED_ROWS - files.rows());
        throw refused;
      }
    }
  }

  private Month write(Connection connection, Unit unit, MonthFiles files)
      throws IOException, SQLException {
    DSLContext sql = Sql.on(connection);
    RowReader reader = new RowReader(connection);
    Sources sources = sources(sql, unit);
    require(request, sources.missing(), sources.stale());
    long bars = source.rows(sql, unit.pair(), unit.month());
    String query = source.query(sql, unit.pair(), unit.month());
    if (request.format() == ExportFormat.CSV) {
      reader.readCsv(query, new CsvRows(files));
    } else {
      reader.readBinary(query, row, new ParquetRows(files));
    }
    connection.commit();
    // A partition that was replaced after this transaction's first look seems empty.
    if (files.rows() != bars && sources.stale().isEmpty()) {
      throw new Failure(
          ExitCode.FAILED,
          "%s gave %s to %s: it was replaced while it was read"
              .formatted(unit, Quantity.of(files.rows(), "row"), Quantity.of(bars, "bar")),
          GOES_ON);
    }
    return new Month(
        unit.pair(),
        unit.month(),
        source(query, sources),
        stale(sources),
        files.rows(),
        files.splits(),
        files.commit());
  }

  /**
   * Adds to the scalers the rows of a month whose files are left as they are.
   *
   * @throws SQLException or DataAccessException with none of them added
   */
  void readAgain(Connection connection, Unit unit, Month month) throws IOException, SQLException {
    Scalers.Mark before = scalers.mark();
    try {
      DSLContext sql = Sql.on(connection);
      String query = source.query(sql, unit.pair(), unit.month());
      if (!source(query, sources(sql, unit)).equals(month.source())) {
        throw new Failure(
            ExitCode.FAILED, "%s has changed while others were written".formatted(unit), GOES_ON);
      }
      new RowReader(connection).readBinary(query, row, new TrainRows());
      connection.commit();
    } catch (SQLException | DataAccessException refused) {
      scalers.goBackTo(before);
      throw refused;
    }
  }

  private String splitOfRow() {
    return row.isNull(split) ? null : row.getText(split);
  }

  /** Rows in binary, to files and scalers. */
  private final class ParquetRows implements RowReader.Rows {
    private final MonthFiles files;

    ParquetRows(MonthFiles files) {
      this.files = files;
    }

    @Override
    public void row(byte[] message) throws IOException {
      if (split < 0) {
        files.write(message);
      } else {
        String of = splitOfRow();
        files.write(message, of);
        if (ExportManifest.TRAIN.equals(of)) {
          scalers.add(row);
        }
      }
      report(files.rows());
    }
  }

  /** Lines, to files and scalers. */
  private final class CsvRows implements RowReader.Rows {
    private final MonthFiles files;

    CsvRows(MonthFiles files) {
      this.files = files;
    }

    @Override
    public void header(byte[] message) {
      files.header(message);
    }

    @Override
    public void row(byte[] message) throws IOException {
      if (split < 0) {
        files.write(message);
      } else {
        line.read(message);
        String of = line.isNull(split) ? null : line.getText(split);
        files.write(message, of);
        if (ExportManifest.TRAIN.equals(of)) {
          scalers.add(line);
        }
      }
      report(files.rows());
    }
  }

  /** Rows in binary, to the scalers alone. */
  private final class TrainRows implements RowReader.Rows {
    @Override
    public void row(byte[] message) {
      if (ExportManifest.TRAIN.equals(splitOfRow())) {
        scalers.add(row);
      }
    }
  }

  private void report(long rows) {
    if (rows % REPORTED_ROWS == 0) {
      listener.read(REPORTED_ROWS);
    }
  }
}
