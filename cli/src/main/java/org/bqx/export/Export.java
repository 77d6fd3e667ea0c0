package org.bqx.export;

import static org.bqx.jooq.Tables.FAMILY;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.digest.Digests;
import org.bqx.export.ExportManifest.Entry;
import org.bqx.export.ExportManifest.Month;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.failure.IoReason;
import org.bqx.matrix.Manifest;
import org.bqx.matrix.MatrixStore;
import org.bqx.partition.Need;
import org.bqx.partition.PartitionFacts;
import org.bqx.partition.PartitionFacts.Open;
import org.bqx.partition.PartitionFacts.Sources;
import org.bqx.partition.PartitionRange;
import org.bqx.run.Session;
import org.bqx.terminal.Quantity;
import org.jooq.DSLContext;

/**
 * Writes rows to files, one a pair and month. A file that is there already, whole and read from the
 * same, is left as it is.
 */
public final class Export {
  /** The key of the manifest in a Parquet file's footer. */
  private static final String METADATA = "bqx";

  /** So that the text is the same for every role, and a double the shortest that gives it back. */
  private static final List<String> SETTINGS =
      List.of(
          "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
          "SET timezone = 'UTC'",
          "SET datestyle = 'ISO'",
          "SET extra_float_digits = 1",
          // The order of many tables is given, and more than the planner tries.
          "SET join_collapse_limit = 1",
          // Compiling a thousand columns takes longer than they do.
          "SET jit = off");

  private final Database database;
  private final ExportRequest request;
  private final ExportListener listener;
  private Session session;
  private ExportSource source;
  private ExportFolder folder;
  private List<ExportColumn> columns;
  private final Map<String, PartitionFacts> planned = new HashMap<>();
  private final Map<Unit, Sources> sources = new HashMap<>();
  private final Map<Unit, Long> bars = new HashMap<>();

  /** Prepares an export of what is in {@code database}. */
  public Export(Database database, ExportRequest request, ExportListener listener) {
    this.database = database;
    this.request = request;
    this.listener = listener;
  }

  /**
   * Runs it. A month whose session is lost is read again from its beginning.
   *
   * @throws Failure when there is nothing to export, when rows are missing or stale, when the
   *     folder has other files, cannot be written to, or is another export's
   */
  public ExportOutcome run() throws SQLException, InterruptedException {
    try (ExportFolder held = ExportFolder.hold(request.folder());
        Session opened = new Session(database, false, this::open)) {
      session = opened;
      folder = held;
      List<Unit> units = inTransaction(connection -> plan(Sql.on(connection)));
      columns = inTransaction(connection -> columns(connection, units.get(0)));
      folder.check(names(units));
      return export(units);
    } catch (UncheckedIOException refused) {
      throw unwritten(refused.getCause());
    } catch (IOException refused) {
      throw unwritten(refused);
    }
  }

  private Failure unwritten(IOException refused) {
    return new Failure(
        ExitCode.FAILED,
        "cannot write into %s: %s".formatted(request.folder(), IoReason.of(refused)),
        "make room or name another folder; the same command goes on with what is there",
        refused);
  }

  private Connection open() throws SQLException {
    Connection connection = database.connectForWork();
    SETTINGS.forEach(Sql.on(connection)::execute);
    connection.setAutoCommit(false);
    return connection;
  }

  /** Reads something, and may write a file of it. */
  private interface Reading<T> {
    T on(Connection connection) throws IOException, SQLException;
  }

  /** Does so in a transaction of its own, in another again when the session is lost. */
  private <T> T inTransaction(Reading<T> reading) throws SQLException, InterruptedException {
    return session.use(
        connection -> {
          try {
            T read = reading.on(connection);
            connection.commit();
            return read;
          } catch (IOException refused) {
            throw new UncheckedIOException(refused);
          }
        });
  }

  private List<Unit> plan(DSLContext sql) throws SQLException {
    source = source(sql);
    planned.clear();
    sources.clear();
    bars.clear();
    return units(sql);
  }

  private ExportSource source(DSLContext sql) throws SQLException {
    PartitionRange range = request.range();
    try (Catalogue catalogue = new Catalogue(database)) {
      if (request.matrix() == null) {
        return new FamilySource(
            sql,
            ofPairs(sql, catalogue.families(range.families())),
            catalogue.pairs(range.pairs()).stream().sorted().toList());
      }
      try (MatrixStore store = new MatrixStore(database)) {
        MatrixSource matrix = new MatrixSource(sql, store, request.matrix(), range.pairs());
        // A family that is not computed any more gives no rows.
        catalogue.families(
            matrix.pairs().stream()
                .flatMap(pair -> matrix.needs(pair).stream().map(Need::family))
                .distinct()
                .toList());
        return matrix;
      }
    }
  }

  /** Returns the families without those of the market, which may be among all, but not named. */
  private List<String> ofPairs(DSLContext sql, List<String> families) {
    List<String> market =
        sql.select(FAMILY.FAMILY_)
            .from(FAMILY)
            .where(FAMILY.FAMILY_.in(families), FAMILY.SCOPE.eq(PartitionRange.MARKET))
            .fetch(FAMILY.FAMILY_);
    for (String family : market) {
      String what = "family \"%s\" has rows of the market, and none of a pair".formatted(family);
      if (!request.range().families().isEmpty()) {
        throw new Failure(
            ExitCode.USAGE,
            what,
            "./bqx psql -c 'COPY (SELECT * FROM bqx.%s) TO STDOUT (FORMAT csv, HEADER)'"
                .formatted(family));
      }
      listener.message(what + ": left out");
    }
    return families.stream().filter(family -> !market.contains(family)).toList();
  }

  /** Returns what is to be exported, in order: every month that has bars. */
  private List<Unit> units(DSLContext sql) {
    List<Unit> units = new ArrayList<>();
    Set<Open> missing = new LinkedHashSet<>();
    Set<Open> stale = new LinkedHashSet<>();
    Set<Open> unquoted = new LinkedHashSet<>();
    Set<String> lacking = new TreeSet<>();
    for (String pair : source.pairs()) {
      List<Need> needs = source.needs(pair);
      PartitionFacts facts = PartitionFacts.read(sql, needs, null, null);
      planned.put(pair, facts);
      List<YearMonth> months =
          facts.months(pair).stream()
              .filter(month -> request.range().has(null, null, month))
              .toList();
      sayWhatHasNoBars(pair, months);
      int outside = 0;
      Set<String> families = new TreeSet<>();
      List<String> without = new ArrayList<>();
      for (YearMonth month : months) {
        long rows = source.rows(sql, pair, month);
        if (rows == 0 && request.matrix() != null) {
          outside++;
          continue;
        }
        Sources read = facts.sources(facts.partitions(needs, month));
        List<Open> own = read.unquoted(pair, month);
        if (!own.isEmpty()) {
          own.forEach(one -> families.add(one.partition().family()));
          without.add(month.toString());
          continue;
        }
        Unit unit = new Unit(pair, month);
        units.add(unit);
        bars.put(unit, rows);
        sources.put(unit, read);
        unquoted.addAll(read.unquoted());
        missing.addAll(read.missing());
        stale.addAll(read.stale());
      }
      if (outside > 0 && (request.range().from() != null || request.range().to() != null)) {
        listener.message(
            "%s has bars in %s outside of the matrix's own range: no file"
                .formatted(pair, Quantity.of(outside, "month")));
      }
      if (!without.isEmpty()) {
        lacking.addAll(families);
        listener.message(
            "%s has no bid and ask, which %s is made of, in %s: no file"
                .formatted(pair, String.join(", ", families), String.join(", ", without)));
      }
    }
    if (units.isEmpty()) {
      throw lacking.isEmpty()
          ? new Failure(
              ExitCode.FAILED, "nothing to export: this range has no bars", "./bqx status")
          : new Failure(
              ExitCode.FAILED,
              "nothing to export: no bar of this range has the bid and ask that %s is made of"
                  .formatted(String.join(", ", lacking)),
              request.matrix() == null
                  ? "name the other families with --family"
                  : "define a matrix without its columns");
    }
    if (!unquoted.isEmpty()) {
      listener.message(
          "columns are NULL where no bar has bid and ask: " + MonthExport.named(unquoted));
    }
    MonthExport.require(request, missing, stale);
    return units;
  }

  private void sayWhatHasNoBars(String pair, List<YearMonth> months) {
    PartitionRange range = request.range();
    if (months.isEmpty()) {
      if (!range.pairs().isEmpty() || request.matrix() != null) {
        listener.message("%s has no bars in this range: no file".formatted(pair));
      }
      return;
    }
    YearMonth last = range.to() == null ? months.get(months.size() - 1) : range.to();
    for (YearMonth month = range.from() == null ? months.get(0) : range.from();
        !month.isAfter(last);
        month = month.plusMonths(1)) {
      if (!months.contains(month)) {
        listener.message("%s %s has no bars: no file".formatted(pair, month));
      }
    }
  }

  private List<ExportColumn> columns(Connection connection, Unit unit) throws SQLException {
    List<ExportColumn> described = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(source.query(Sql.on(connection), unit.pair(), unit.month()))) {
      ResultSetMetaData metadata = statement.getMetaData();
      for (int i = 1; i <= metadata.getColumnCount(); i++) {
        String name = metadata.getColumnName(i);
        ColumnType type = ColumnType.of(metadata.getColumnTypeName(i));
        if (type == null) {
          throw new Failure(
              ExitCode.FAILED,
              "column %s is of type %s, which cannot be exported"
                  .formatted(name, metadata.getColumnTypeName(i)),
              null);
        }
        described.add(new ExportColumn(name, type));
      }
    }
    return described;
  }

  private Set<String> names(List<Unit> units) {
    Set<String> names = new TreeSet<>();
    for (Unit unit : units) {
      ExportManifest.SPLITS.forEach(split -> names.add(unit.file(request, split)));
    }
    return names;
  }

  private ExportOutcome export(List<Unit> units)
      throws IOException, SQLException, InterruptedException {
    ExportManifest before = folder.read();
    if (before != null && !before.name().equals(source.name())) {
      throw new Failure(
          ExitCode.FAILED,
          "%s has an export of %s, this one is of %s"
              .formatted(request.folder(), before.name(), source.name()),
          "name another folder with --out");
    }
    long all = bars.values().stream().mapToLong(Long::longValue).sum();
    Scalers scalers = new Scalers(columns, all);
    MonthExport export =
        new MonthExport(request, source, folder, listener, columns, scalers, planned);
    Map<Unit, Month> known = new HashMap<>();
    if (before != null) {
      before.months().forEach(month -> known.put(new Unit(month.pair(), month.month()), month));
    }
    Map<Unit, Month> months = whole(units, known, export);
    if (months.size() == units.size()
        && known.values().containsAll(months.values())
        && folder.isFinished()) {
      return outcome(before, 0);
    }
    folder.begin();
    listener.planned(
        all - months.keySet().stream().mapToLong(unit -> bars.getOrDefault(unit, 0L)).sum());
    Manifest manifest = inTransaction(connection -> source.manifest(Sql.on(connection)));
    Map<String, String> metadata = Map.of(METADATA, manifest.toJson());
    int written = 0;
    for (Unit unit : units) {
      stopIfInterrupted();
      Month month = months.get(unit);
      if (month == null) {
        month = inTransaction(connection -> export.write(connection, unit, metadata));
        months.put(unit, month);
        written += month.files().size();
        removeOthers(known.get(unit), month);
        folder.save(manifest, files(units, months, 1, List.of()));
      } else if (month.hasTrain()) {
        Month kept = month;
        inTransaction(
            connection -> {
              export.readAgain(connection, unit, kept);
              return null;
            });
      }
    }
    ExportManifest files = files(units, months, scalers.every(), scalers.scalers());
    sayWhatScalersAreOf(files);
    folder.finish(manifest, files);
    return outcome(files, written);
  }

  /** Scalers of a part of the training rows are others than those of all. */
  private void sayWhatScalersAreOf(ExportManifest files) {
    PartitionRange range = request.range();
    if (request.matrix() == null) {
      return;
    }
    if (files.scalers().isEmpty()) {
      listener.message("no row is for training: the manifest has no scalers");
    } else if (!range.pairs().isEmpty() || range.from() != null || range.to() != null) {
      listener.message("the scalers are of the rows for training among these alone");
    }
  }

  private ExportManifest files(
      List<Unit> units, Map<Unit, Month> months, int medianOfEvery, List<Scaler> scalers) {
    return new ExportManifest(
        source.name(),
        request.format().toString(),
        units.stream().map(months::get).filter(Objects::nonNull).toList(),
        medianOfEvery,
        scalers);
  }

  /** Returns what need not be written again, and says what must be. */
  private Map<Unit, Month> whole(List<Unit> units, Map<Unit, Month> known, MonthExport export)
      throws IOException, SQLException, InterruptedException {
    Map<Unit, Month> whole = new HashMap<>();
    for (Unit unit : units) {
      Month month = known.get(unit);
      if (month == null) {
        continue;
      }
      String now =
          inTransaction(connection -> export.source(Sql.on(connection), unit, sources.get(unit)));
      if (!month.source().equals(now)) {
        listener.message(unit + " is written again: its rows or its columns have changed");
      } else if (!isIntact(month)) {
        listener.message(unit + " is written again: its file is gone or has changed");
      } else {
        // Its rows are the same, and what they should be may have changed.
        whole.put(unit, month.withStale(MonthExport.stale(sources.get(unit))));
      }
    }
    return whole;
  }

  private boolean isIntact(Month month) throws IOException {
    for (Entry entry : month.files()) {
      Path file = folder.path(entry.file());
      if (!Files.isRegularFile(file)
          || Files.size(file) != entry.bytes()
          || !Digests.of(file).equals(entry.sha256())) {
        return false;
      }
    }
    return true;
  }

  /** Removes files that a month had and has no more, since its rows are of another split now. */
  private void removeOthers(Month before, Month now) throws IOException {
    if (before != null) {
      List<String> kept = now.files().stream().map(Entry::file).toList();
      for (Entry entry : before.files()) {
        if (!kept.contains(entry.file())) {
          Files.deleteIfExists(folder.path(entry.file()));
        }
      }
    }
  }

  private void stopIfInterrupted() {
    if (database.isCancelled()) {
      throw new Failure(ExitCode.INTERRUPTED, "interrupted", null);
    }
  }

  private ExportOutcome outcome(ExportManifest manifest, int written) {
    List<Entry> entries =
        manifest.months().stream().flatMap(month -> month.files().stream()).toList();
    long rows = entries.stream().mapToLong(Entry::rows).sum();
    return new ExportOutcome(
        request.folder().toString(),
        written,
        entries.size() - written,
        rows,
        manifest.months().stream().mapToLong(Month::rows).sum() - rows,
        entries.stream().mapToLong(Entry::bytes).sum(),
        (int) manifest.months().stream().filter(month -> month.stale() != null).count());
  }
}
