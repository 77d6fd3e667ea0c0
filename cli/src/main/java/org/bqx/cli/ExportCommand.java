package org.bqx.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bqx.export.Export;
import org.bqx.export.ExportFormat;
import org.bqx.export.ExportListener;
import org.bqx.export.ExportOutcome;
import org.bqx.export.ExportRequest;
import org.bqx.failure.ExitCode;
import org.bqx.terminal.Progress;
import org.bqx.terminal.Quantity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "export",
    description = {
      "Write a matrix, or the rows of families, to files: one a pair and month, with a manifest.",
      "What is there already and has not changed is left as it is."
    })
final class ExportCommand implements Callable<Integer> {
  private static final double MEGABYTE = 1e6;

  @ParentCommand private Bqx bqx;
  @Mixin private RangeOptions options;

  @Parameters(
      arity = "0..1",
      paramLabel = "MATRIX",
      description = "a matrix; without one, families by --family")
  private String matrix;

  @Option(
      names = "--family",
      split = ",",
      paramLabel = "FAMILY",
      description = "families, instead of a matrix")
  private List<String> families = List.of();

  @Option(names = "--format", paramLabel = "FORMAT", description = "parquet (default) or csv")
  private ExportFormat format = ExportFormat.PARQUET;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "folder for the files; the same one again goes on with what is there")
  private Path folder;

  @Option(
      names = "--split-dirs",
      description = "a folder for each split, without the rows that belong to none")
  private boolean splitFolders;

  @Option(
      names = "--allow-stale",
      description = "export rows, too, that are not what their bars would give now")
  private boolean allowStale;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    options.check();
    boolean hasFamilies = !families.isEmpty();
    options.require(
        matrix != null || hasFamilies, "nothing to export: name a matrix, or families by --family");
    options.require(
        matrix == null || !hasFamilies, "a matrix has families of its own: --family does not go");
    options.require(
        matrix != null || !splitFolders, "--split-dirs needs a matrix: families have no splits");
    ExportRequest request =
        new ExportRequest(
            matrix,
            options.range(families),
            format,
            folder.toAbsolutePath(),
            splitFolders,
            allowStale);
    ExportOutcome outcome;
    try (Progress progress = bqx.progress("export", "rows", 0)) {
      outcome = new Export(bqx.database("export"), request, new Shown(progress)).run();
    }
    if (json) {
      bqx.printJson("export", outcome);
    } else {
      bqx.print(text(outcome));
    }
    return ExitCode.DONE.code();
  }

  private static String text(ExportOutcome outcome) {
    String unsplit =
        outcome.unsplit() == 0
            ? ""
            : " (%s of no split in no file)".formatted(Quantity.of(outcome.unsplit(), "row"));
    String stale =
        outcome.stale() == 0 ? "" : ", %s stale".formatted(Quantity.of(outcome.stale(), "month"));
    return String.format(
        Locale.ROOT,
        "%s written, %,d left as they were; %s%s, %,.1f MB%s in %s",
        Quantity.of(outcome.written(), "file"),
        outcome.kept(),
        Quantity.of(outcome.rows(), "row"),
        unsplit,
        outcome.bytes() / MEGABYTE,
        stale,
        outcome.folder());
  }

  /** Shows rows on a progress bar. */
  private record Shown(Progress progress) implements ExportListener {
    @Override
    public void planned(long rows) {
      progress.total(rows);
    }

    @Override
    public void read(long rows) {
      progress.advance(rows);
    }

    @Override
    public void message(String text) {
      progress.message(text);
    }
  }
}
