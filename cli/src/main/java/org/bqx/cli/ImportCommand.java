package org.bqx.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.failure.GivenFile;
import org.bqx.failure.IoReason;
import org.bqx.imports.BarFiles;
import org.bqx.imports.BarFormat;
import org.bqx.imports.BarImporter;
import org.bqx.imports.BarLine;
import org.bqx.imports.BarReader;
import org.bqx.imports.BarSource;
import org.bqx.imports.Column;
import org.bqx.imports.DateOrder;
import org.bqx.imports.ImportRules;
import org.bqx.imports.ImportSummary;
import org.bqx.imports.MaxRejects;
import org.bqx.imports.OnConflict;
import org.bqx.imports.Opened;
import org.bqx.imports.ReadSettings;
import org.bqx.imports.RejectedException;
import org.bqx.imports.Rejects;
import org.bqx.imports.RejectsFiles;
import org.bqx.imports.Side;
import org.bqx.imports.StampAt;
import org.bqx.imports.Weekend;
import org.bqx.imports.Zone;
import org.bqx.terminal.Printable;
import org.bqx.terminal.Progress;
import org.bqx.terminal.Quantity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "import",
    description = {
      "Import one-minute bars from files, or from a table of the same database.",
      "A file is imported in one transaction; the same file again changes nothing. Bad rows go to"
          + " FILE.rejects.csv with their line number and reason; past --max-rejects nothing of"
          + " the file is imported. See docs/import.md."
    })
final class ImportCommand implements Callable<Integer> {
  private static final String AUTO = "auto";

  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "files, folders, patterns, or - for standard input; plain, packed, or archives")
  private List<String> names = List.of();

  @Option(
      names = "--pair",
      paramLabel = "PAIR",
      description = "such as eurusd; without it the file's name tells")
  private String pair;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = {
        "auto (default): told from the first lines; or histdata-ascii, histdata-ticks, histdata-ms,",
        "histdata-mt, ninjatrader, mt4, mt5, dukascopy, dukascopy-bi5, dukascopy-node, oanda,",
        "nautilus, lean, truefx, iso, parquet, csv (any table)"
      })
  private String format = AUTO;

  @Option(
      names = "--columns",
      paramLabel = "COLUMN=NAME,...",
      description = {
        "what a table calls its columns, or their numbers from 1: time=datetime,open=2; columns",
        "are time, date, open, high, low, close, volume, bid, ask, bid_close, symbol and so on"
      })
  private String columns;

  @Option(
      names = "--date-order",
      paramLabel = "dmy|mdy",
      description = "of dates such as 07/01/2024: dmy or mdy; without it the file has to prove it")
  private DateOrder dateOrder;

  @Option(
      names = "--decimal",
      paramLabel = "CHAR",
      description = "what is before decimals, . or , where both are possible")
  private String decimal;

  @Option(
      names = "--stamp",
      paramLabel = "open|close",
      description = "which end of a bar its time is: open or close; without it the format's usual")
  private StampAt stamp;

  @Option(
      names = "--side",
      paramLabel = "bid|ask|none",
      description = {
        "whose prices a file has: bid, ask or none; without it names and columns tell. Asks",
        "complete the bars that are there"
      })
  private Side side;

  @Option(
      names = "--period",
      paramLabel = "PERIOD",
      description = "m1: these are one-minute bars, though most follow by more than a minute")
  private String period;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = {
        "of times that name no offset: utc, histdata, metatrader, Europe/Athens, +02:00 or",
        "America/New_York+7; without it what the format usually has"
      })
  private String zoneName;

  @Option(
      names = "--on-conflict",
      paramLabel = "fail|keep|replace",
      description = "of bars that are there with other values: fail (default), keep or replace")
  private OnConflict onConflict = OnConflict.FAIL;

  @Option(
      names = "--max-rejects",
      paramLabel = "N",
      description = "bad rows a file may have: a count such as 5 or a share (default 0.1%%)")
  private String maxRejects;

  @Option(
      names = "--max-jump",
      paramLabel = "FACTOR",
      description = "from one bar to the next, beyond which a price is wrong (default 2)")
  private double maxJump = ImportRules.USUAL_MAX_JUMP;

  @Option(
      names = "--weekend",
      paramLabel = "reject|keep",
      description = "bars of when no market is open: reject (default) or keep")
  private Weekend weekend = Weekend.REJECT;

  @Option(
      names = "--rejects",
      paramLabel = "DIR",
      description = {
        "where the files of bad rows go (default: beside the file; of a table or a pipe in the",
        "working directory)"
      })
  private Path rejectsFolder;

  @Option(
      names = "--from-table",
      paramLabel = "SCHEMA.TABLE",
      description = "import the columns time, open, high, low, close, volume of a table or view")
  private String table;

  @Option(names = "--dry-run", description = "do everything, say what it did, and undo it")
  private boolean dryRun;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  private RejectsFiles rejectsFiles;
  private Database database;

  /**
   * What became of one file.
   *
   * @param file its name, or the table's
   * @param format what it was read as, null for a table
   * @param zone of its times that name no offset, null for a table
   * @param understood what was told from its content, null where its format is known
   * @param summary null when it could not be read
   * @param rejects the file of bad rows, null without any
   * @param error why nothing was imported, null when it was
   */
  private record FileSummary(
      String file,
      String format,
      String zone,
      String understood,
      ImportSummary summary,
      String rejects,
      String error) {}

  @Override
  public Integer call() throws Exception {
    if (names.isEmpty() == (table == null)) {
      throw new ParameterException(
          spec.commandLine(),
          table == null
              ? "Missing required parameter: 'FILE', or a table with --from-table"
              : "--from-table takes no FILE");
    }
    if (maxJump <= 1 || Double.isNaN(maxJump)) {
      throw usage("--max-jump %s is not above 1".formatted(maxJump), "name a factor, such as 2");
    }
    ImportRules rules =
        new ImportRules(
            onConflict,
            maxRejects == null ? MaxRejects.USUAL : MaxRejects.parse(maxRejects),
            maxJump,
            weekend,
            isAnyPeriod(),
            dryRun);
    List<FileSummary> summaries = new ArrayList<>();
    try {
      ExitCode code = table == null ? importFiles(rules, summaries) : importTable(rules, summaries);
      if (!dryRun && !bqx.interrupted()) {
        StatusCommand.sayOfBaselines(bqx, database);
      }
      return code.code();
    } finally {
      // Nothing was come to where the command line was wrong, or no server there.
      if (json && !summaries.isEmpty()) {
        bqx.printJson("files", summaries);
      }
    }
  }

  private boolean isAnyPeriod() {
    if (period != null && !period.equalsIgnoreCase("m1")) {
      throw usage(
          "--period %s cannot be imported".formatted(Printable.quoted(period)),
          "import one-minute bars: m1");
    }
    return period != null;
  }

  private ReadSettings readSettings() {
    if (decimal != null && !decimal.equals(",") && !decimal.equals(".")) {
      throw usage(
          "--decimal %s is neither a point nor a comma".formatted(Printable.quoted(decimal)), null);
    }
    return new ReadSettings(
        zoneName == null ? null : Zone.parse(zoneName),
        pair == null ? null : lowerCase(pair),
        Column.parse(columns),
        dateOrder,
        decimal == null ? null : decimal.charAt(0),
        stamp,
        side);
  }

  private void requireRejectsFolder() {
    if (rejectsFolder != null) {
      GivenFile.requireFolder(rejectsFolder, "--rejects");
    }
  }

  private ExitCode importFiles(ImportRules rules, List<FileSummary> summaries) throws Exception {
    BarFormat named = format.equalsIgnoreCase(AUTO) ? null : BarFormat.of(format);
    ReadSettings settings = readSettings();
    if (!settings.columns().isEmpty()
        && named != null
        && named != BarFormat.CSV
        && named != BarFormat.PARQUET) {
      throw usage(
          "--columns is for tables, and the columns of --format %s are known"
              .formatted(named.title()),
          "leave one of them out");
    }
    requireRejectsFolder();
    BarFiles barFiles = new BarFiles(settings.columns().values(), bqx::message, bqx::reading);
    List<String> files = barFiles.find(names);
    rejectsFiles = new RejectsFiles(rejectsFolder, files);
    List<ExitCode> codes = new ArrayList<>();
    database = bqx.database("import");
    try (BarImporter importer = new BarImporter(database, rules, more -> {})) {
      importer.pairs();
      for (String file : files) {
        guarded(
            file,
            summaries,
            codes,
            () ->
                barFiles.read(
                    file,
                    bqx.in(),
                    source ->
                        guarded(
                            source.text(),
                            summaries,
                            codes,
                            () -> {
                              BarFormat read = named == null ? detect(source, settings) : named;
                              codes.add(importSource(source, read, settings, importer, summaries));
                            })));
      }
    }
    return codes.size() == 1
        ? codes.get(0)
        : codes.stream().allMatch(code -> code == ExitCode.DONE) ? ExitCode.DONE : ExitCode.FAILED;
  }

  /** Named columns are those of a table, whatever its lines look like. */
  private static BarFormat detect(BarSource source, ReadSettings settings) {
    return settings.columns().isEmpty() || source.isParquet()
        ? BarFormat.detect(source)
        : BarFormat.CSV;
  }

  /** What may fail for one file, and leaves the others alone. */
  private interface Work {
    void run() throws Exception;
  }

  private void guarded(String file, List<FileSummary> summaries, List<ExitCode> codes, Work work)
      throws Exception {
    try {
      work.run();
    } catch (Failure failure) {
      summaries.add(unread(file, failure.getMessage()));
      if (failure.exitCode() == ExitCode.INTERRUPTED
          || failure.exitCode() == ExitCode.NO_CONNECTION) {
        throw failure;
      }
      bqx.printError(failure.getMessage(), failure.hint());
      codes.add(failure.exitCode());
    } catch (IOException unreadable) {
      if (bqx.interrupted()) {
        summaries.add(unread(file, "interrupted"));
        throw unreadable;
      }
      String why = Printable.of(IoReason.of(unreadable).replaceAll("\\s+", " "));
      bqx.printError("cannot read %s: %s".formatted(Printable.of(file), why), null);
      summaries.add(unread(file, why));
      codes.add(ExitCode.FAILED);
    } catch (Exception refused) {
      summaries.add(
          unread(file, bqx.interrupted() ? "interrupted" : Failure.of(refused).getMessage()));
      throw refused;
    }
  }

  private ExitCode importSource(
      BarSource source,
      BarFormat read,
      ReadSettings settings,
      BarImporter importer,
      List<FileSummary> summaries)
      throws Exception {
    String file = source.text();
    // Dukascopy has an empty file for a day without trading.
    if (source.isEmpty() && read != BarFormat.DUKASCOPY_BI5) {
      throw new Failure(
          ExitCode.FAILED, "cannot read %s: it is empty".formatted(Printable.of(file)), null);
    }
    Opened opened = read.open(source, settings, importer.pairs());
    if (opened.understood() != null) {
      bqx.message("%s: %s".formatted(Printable.of(file), Printable.of(opened.understood())));
    }
    sayOtherPair(source, opened, importer.pairs());
    List<ImportSummary> imported;
    RejectedException refused = null;
    try (Rejects rejects = rejectsIn(rejectsFiles.of(file))) {
      try (Progress progress = bqx.progress("import", "bars", 0);
          BarReader reader = opened.reader()) {
        AtomicLong done = new AtomicLong();
        importer.onProgress(
            more -> {
              progress.total(source.estimate(done.addAndGet(more)));
              progress.advance(more);
            });
        imported = importFrom(opened, reader, rejects, importer);
      } catch (RejectedException nothing) {
        imported = List.of(nothing.summary());
        refused = nothing;
      }
      rejects.finish();
      requireBars(file, imported);
      ExitCode code = ExitCode.DONE;
      for (ImportSummary summary : imported) {
        boolean last = summary == imported.get(imported.size() - 1);
        code =
            report(
                new FileSummary(
                    file,
                    read.title(),
                    opened.zone(),
                    opened.understood(),
                    summary,
                    path(rejects),
                    refused == null ? null : refused.getMessage()),
                last ? rejects : Rejects.counted(),
                refused == null ? null : refused.next(),
                summaries);
      }
      return code;
    }
  }

  /** A dry run leaves no file that nobody has asked for. */
  private Rejects rejectsIn(Path file) {
    return dryRun && rejectsFolder == null ? Rejects.counted() : Rejects.to(file);
  }

  private void sayOtherPair(BarSource source, Opened opened, List<String> pairs) {
    String told = pair == null ? null : source.otherPair(opened.pair(), pairs);
    if (told != null) {
      bqx.message(
          "%s: taken as %s, though its name says %s"
              .formatted(Printable.of(source.text()), opened.pair(), Printable.of(told)));
    }
  }

  private static List<ImportSummary> importFrom(
      Opened opened, BarReader reader, Rejects rejects, BarImporter importer) throws Exception {
    if (opened.pair() == null) {
      if (opened.side() == Side.ASK) {
        throw usage("asks of several pairs cannot be imported at once", "name one: --pair eurusd");
      }
      return importer.importSymbols(reader, rejects);
    }
    return List.of(
        opened.side() == Side.ASK
            ? importer.importAsks(opened.pair(), reader, rejects)
            : importer.importBars(opened.pair(), reader, rejects));
  }

  /** A pipe without a bar is one whose first command failed. */
  private static void requireBars(String file, List<ImportSummary> imported) {
    boolean none = imported.stream().allMatch(summary -> summary.read() == 0);
    if (imported.isEmpty() || none && file.equals("standard input")) {
      throw new Failure(
          ExitCode.FAILED, "cannot read %s: it has no bars".formatted(Printable.of(file)), null);
    }
  }

  private ExitCode importTable(ImportRules rules, List<FileSummary> summaries) throws Exception {
    if (pair == null || !format.equalsIgnoreCase(AUTO) || saysHowToReadAFile()) {
      throw usage(
          "--from-table needs --pair, and takes none of --zone, --format, --columns, --date-order,"
              + " --decimal, --stamp and --side",
          "a timestamp without time zone is taken as UTC; a view can make it another");
    }
    requireRejectsFolder();
    database = bqx.database("import");
    List<ExitCode> codes = new ArrayList<>();
    guarded(table, summaries, codes, () -> codes.add(importRows(rules, summaries)));
    return codes.get(0);
  }

  private ExitCode importRows(ImportRules rules, List<FileSummary> summaries) throws Exception {
    ImportSummary summary;
    RejectedException refused = null;
    Path file = new RejectsFiles(rejectsFolder, List.of()).of(table);
    try (Rejects rejects = rejectsIn(file)) {
      try (Progress progress = bqx.progress("import", "bars", 0);
          BarImporter importer = new BarImporter(database, rules, progress::advance)) {
        summary = importer.importTable(lowerCase(pair), table, rejects);
      } catch (RejectedException nothing) {
        summary = nothing.summary();
        refused = nothing;
      }
      rejects.finish();
      return report(
          new FileSummary(
              table,
              null,
              null,
              null,
              summary,
              path(rejects),
              refused == null ? null : refused.getMessage()),
          rejects,
          refused == null ? null : refused.next(),
          summaries);
    }
  }

  private boolean saysHowToReadAFile() {
    return Stream.of(zoneName, columns, dateOrder, decimal, stamp, side).anyMatch(Objects::nonNull);
  }

  private ExitCode report(
      FileSummary file, Rejects rejects, String next, List<FileSummary> summaries) {
    summaries.add(file);
    String name = Printable.of(file.file());
    for (BarLine line : rejects.first()) {
      bqx.message("%s:%d: %s".formatted(name, line.line(), line.defect()));
    }
    if (rejects.count() > rejects.first().size()) {
      bqx.message("%s: and %,d more".formatted(name, rejects.count() - rejects.first().size()));
    }
    if (!json) {
      String as =
          file.format() == null
              ? ""
              : " (%s, %s)".formatted(file.format(), Printable.of(file.zone()));
      bqx.print(name + as + ": " + Summaries.text(file.summary()) + (dryRun ? ", undone" : ""));
    }
    if (file.error() == null) {
      if (rejects.file() != null) {
        bqx.message(
            "%s: %s in %s"
                .formatted(
                    name, Quantity.of(rejects.count(), "bad row"), Printable.of(file.rejects())));
      }
      sayFuture(name, file.summary());
      return ExitCode.DONE;
    }
    bqx.printError(
        name + ": " + file.error(),
        next != null
            ? next
            : "correct %s, or allow it (--max-rejects, --max-jump, --weekend, --on-conflict)"
                .formatted(
                    file.rejects() == null
                        ? "these lines"
                        : "what %s names".formatted(Printable.of(file.rejects()))));
    return ExitCode.FAILED;
  }

  /** Bars of another zone than was said are wrong, and look right but for the last ones. */
  private void sayFuture(String name, ImportSummary summary) {
    if (summary.last() != null && summary.last().isAfter(Instant.now())) {
      bqx.message(
          "%s: the last bar of %s, %s, is of the future: is the zone right (--zone)?"
              .formatted(name, summary.pair(), summary.last()));
    }
  }

  private static String path(Rejects rejects) {
    return rejects.file() == null ? null : rejects.file().toString();
  }

  private static FileSummary unread(String file, String error) {
    return new FileSummary(file, null, null, null, null, null, error);
  }

  private static String lowerCase(String pair) {
    return pair.replace("/", "").toLowerCase(Locale.ROOT);
  }

  private static Failure usage(String message, String next) {
    return new Failure(ExitCode.USAGE, message, next);
  }
}
