package org.bqx.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.imports.BarFiles;
import org.bqx.imports.BarFormat;
import org.bqx.imports.BarImporter;
import org.bqx.imports.BarLine;
import org.bqx.imports.BarReader;
import org.bqx.imports.BarSource;
import org.bqx.imports.ImportRules;
import org.bqx.imports.ImportSummary;
import org.bqx.imports.MaxRejects;
import org.bqx.imports.OnConflict;
import org.bqx.imports.RejectedException;
import org.bqx.imports.Rejects;
import org.bqx.imports.Weekend;
import org.bqx.imports.Zone;
import org.bqx.terminal.Printable;
import org.bqx.terminal.Progress;
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
      description = "files, folders, patterns, or - for standard input; plain, .gz, .zip or .bi5")
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
        "auto (default): told from the first lines; or histdata-ascii, histdata-mt, mt4, mt5,",
        "dukascopy, dukascopy-bi5, dukascopy-node, oanda, nautilus, lean, truefx, iso"
      })
  private String format = AUTO;

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
      paramLabel = "WHAT",
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
      paramLabel = "WHAT",
      description = "becomes of bars from Friday 23:00 to Sunday 20:00 UTC: reject (default), keep")
  private Weekend weekend = Weekend.REJECT;

  @Option(
      names = "--rejects",
      paramLabel = "DIR",
      description = "where the files of bad rows go (default: beside the file)")
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

  /**
   * What became of one file.
   *
   * @param file its name, or the table's
   * @param format what it was read as, null for a table
   * @param zone of its times that name no offset, null for a table
   * @param summary null when it could not be read
   * @param rejects the file of bad rows, null without any
   * @param error why nothing was imported, null when it was
   */
  private record FileSummary(
      String file,
      String format,
      String zone,
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
            dryRun);
    List<FileSummary> summaries = new ArrayList<>();
    try {
      return (table == null ? importFiles(rules, summaries) : importTable(rules, summaries)).code();
    } finally {
      if (json) {
        bqx.printJson("files", summaries);
      }
    }
  }

  private ExitCode importFiles(ImportRules rules, List<FileSummary> summaries) throws Exception {
    BarFormat named = format.equalsIgnoreCase(AUTO) ? null : BarFormat.of(format);
    if (zoneName != null) {
      Zone.parse(zoneName);
    }
    List<String> files = BarFiles.find(names);
    Database database = bqx.database("import");
    ExitCode code = ExitCode.DONE;
    for (String file : files) {
      ExitCode one = importFile(file, named, rules, database, summaries);
      if (one != ExitCode.DONE) {
        code = files.size() == 1 ? one : ExitCode.FAILED;
      }
    }
    return code;
  }

  private ExitCode importFile(
      String file,
      BarFormat named,
      ImportRules rules,
      Database database,
      List<FileSummary> summaries)
      throws Exception {
    BarFormat read = named;
    Zone zone = null;
    try (BarSource source = BarFiles.open(file, bqx.in());
        Rejects rejects = Rejects.to(rejectsFile(file))) {
      read = named == null ? BarFormat.detect(source) : named;
      zone = zoneName == null ? read.usualZone() : Zone.parse(zoneName);
      ImportSummary summary = null;
      String error = null;
      try (Progress progress = bqx.progress("import", "bars", 0)) {
        AtomicLong done = new AtomicLong();
        BarImporter importer =
            new BarImporter(
                database,
                rules,
                more -> {
                  progress.total(source.estimate(done.addAndGet(more)));
                  progress.advance(more);
                });
        String of = pair == null ? source.pair(importer.pairs()) : lowerCase(pair);
        try (BarReader reader = read.open(source, zone, of)) {
          summary = importer.importBars(of, reader, rejects);
        }
      } catch (RejectedException refused) {
        summary = refused.summary();
        error = refused.getMessage();
      }
      if (zoneName == null && read.isZoneGuess()) {
        bqx.message(
            "%s: times taken as %s, the clock of most MetaTrader servers; --zone names another"
                .formatted(Printable.of(file), zone.name()));
      }
      rejects.finish();
      return report(
          new FileSummary(file, read.title(), zone.name(), summary, path(rejects), error),
          rejects,
          summaries);
    } catch (Failure failure) {
      if (failure.exitCode() == ExitCode.INTERRUPTED
          || failure.exitCode() == ExitCode.NO_CONNECTION) {
        throw failure;
      }
      bqx.printError(failure.getMessage(), failure.hint());
      summaries.add(unread(file, read, zone, failure.getMessage()));
      return failure.exitCode();
    } catch (IOException unreadable) {
      if (bqx.interrupted()) {
        throw unreadable;
      }
      String why = Printable.of(String.valueOf(unreadable.getMessage()));
      bqx.printError("cannot read %s: %s".formatted(Printable.of(file), why), null);
      summaries.add(unread(file, read, zone, why));
      return ExitCode.FAILED;
    }
  }

  private ExitCode importTable(ImportRules rules, List<FileSummary> summaries) throws Exception {
    if (pair == null || zoneName != null || !format.equalsIgnoreCase(AUTO)) {
      throw usage(
          "--from-table needs --pair, and takes neither --zone nor --format",
          "a timestamp without time zone is taken as UTC; a view can make it another");
    }
    ImportSummary summary;
    String error = null;
    try (Rejects rejects = Rejects.to(rejectsFile(table.replaceAll("[^A-Za-z0-9_.]", "_")))) {
      try (Progress progress = bqx.progress("import", "bars", 0)) {
        BarImporter importer = new BarImporter(bqx.database("import"), rules, progress::advance);
        summary = importer.importTable(lowerCase(pair), table, rejects);
      } catch (RejectedException refused) {
        summary = refused.summary();
        error = refused.getMessage();
      }
      rejects.finish();
      return report(
          new FileSummary(table, null, null, summary, path(rejects), error), rejects, summaries);
    }
  }

  private ExitCode report(FileSummary file, Rejects rejects, List<FileSummary> summaries) {
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
      return ExitCode.DONE;
    }
    bqx.printError(
        name + ": " + file.error(),
        "correct what %s names, or allow it (--max-rejects, --max-jump, --weekend, --on-conflict)"
            .formatted(Printable.of(file.rejects())));
    return ExitCode.FAILED;
  }

  private Path rejectsFile(String file) {
    boolean standardInput = file.equals(BarFiles.STANDARD_INPUT);
    Path of = standardInput ? Path.of("stdin") : Path.of(file);
    Path name = of.resolveSibling(of.getFileName() + Rejects.SUFFIX);
    return rejectsFolder == null ? name : rejectsFolder.resolve(name.getFileName());
  }

  private static String path(Rejects rejects) {
    return rejects.file() == null ? null : rejects.file().toString();
  }

  private static FileSummary unread(String file, BarFormat format, Zone zone, String error) {
    return new FileSummary(
        file,
        format == null ? null : format.title(),
        zone == null ? null : zone.name(),
        null,
        null,
        error);
  }

  private static String lowerCase(String pair) {
    return pair.replace("/", "").toLowerCase(Locale.ROOT);
  }

  private static Failure usage(String message, String next) {
    return new Failure(ExitCode.USAGE, message, next);
  }
}
