package org.bqx.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.imports.BarFiles;
import org.bqx.imports.BarImporter;
import org.bqx.imports.BarLine;
import org.bqx.imports.BarReader;
import org.bqx.imports.ImportSummary;
import org.bqx.imports.OnConflict;
import org.bqx.imports.RejectedException;
import org.bqx.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "import",
    description = {
      "Import bars from files: time,open,high,low,close[,volume], ISO-8601 times (UTC where they"
          + " name no offset), with a header or without, plain or gzip.",
      "A file is imported as a whole or not at all; the same file again changes nothing."
    })
final class ImportCommand implements Callable<Integer> {
  @ParentCommand private Bqx bqx;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "a file, or - for standard input")
  private List<String> files;

  @Option(names = "--pair", required = true, paramLabel = "PAIR", description = "such as eurusd")
  private String pair;

  @Option(
      names = "--on-conflict",
      paramLabel = "WHAT",
      description = "of bars that are there with other values: fail (default), keep or replace")
  private OnConflict onConflict = OnConflict.FAIL;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  /** What became of one file. */
  private record FileSummary(String file, ImportSummary summary) {}

  @Override
  public Integer call() throws Exception {
    Database database = bqx.database("import");
    List<FileSummary> summaries = new ArrayList<>();
    ExitCode code = ExitCode.DONE;
    for (String file : files) {
      try (BarReader reader = BarFiles.open(file, bqx.in());
          Progress progress = bqx.progress("import", "bars", 0)) {
        BarImporter importer = new BarImporter(database, onConflict, progress::advance);
        summaries.add(
            new FileSummary(file, importer.importBars(pair.toLowerCase(Locale.ROOT), reader)));
      } catch (RejectedException rejected) {
        report(file, rejected);
        summaries.add(new FileSummary(file, rejected.summary()));
        code = ExitCode.FAILED;
      } catch (IOException unreadable) {
        bqx.printError("cannot read %s: %s".formatted(file, unreadable.getMessage()), null);
        code = ExitCode.FAILED;
      }
    }
    print(summaries);
    return code.code();
  }

  private void report(String file, RejectedException rejected) {
    for (BarLine line : rejected.lines()) {
      bqx.message("%s:%d: %s".formatted(file, line.line(), line.defect()));
    }
    long more = rejected.summary().rejected() - rejected.lines().size();
    if (more > 0) {
      bqx.message("%s: and %,d more".formatted(file, more));
    }
    bqx.printError(
        "%s: %s".formatted(file, rejected.getMessage()),
        "correct these lines and import the file again");
  }

  private void print(List<FileSummary> summaries) {
    if (json) {
      bqx.printJson("files", summaries);
      return;
    }
    for (FileSummary file : summaries) {
      bqx.out().println(file.file() + ": " + Summaries.text(file.summary()));
    }
  }
}
