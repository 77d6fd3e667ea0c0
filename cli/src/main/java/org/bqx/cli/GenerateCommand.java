package org.bqx.cli;

import java.time.YearMonth;
import java.util.List;
import java.util.concurrent.Callable;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.generate.BarGenerator;
import org.bqx.generate.BarGenerator.Range;
import org.bqx.imports.ImportSummary;
import org.bqx.terminal.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "generate",
    description = {
      "Make synthetic bars: random walks whose crosses close their triangles, weekends off, a few"
          + " minutes missing. The same seed gives the same bars, whatever pairs and months."
    })
final class GenerateCommand implements Callable<Integer> {
  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;
  @Mixin private WorkersOption workers;

  @Option(
      names = "--pairs",
      split = ",",
      paramLabel = "PAIR",
      description = "pairs in any case, all by default")
  private List<String> pairs = List.of();

  @Option(names = "--from", required = true, paramLabel = "YYYY-MM", description = "first month")
  private YearMonth from;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "YYYY-MM",
      description = "last month, included")
  private YearMonth to;

  @Option(names = "--seed", paramLabel = "N", description = "default ${DEFAULT-VALUE}")
  private long seed = DemoCommand.SEED;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (to.isBefore(from)) {
      throw new ParameterException(
          spec.commandLine(), "--to %s is before --from %s".formatted(to, from));
    }
    int pairsAtATime = workers.workers();
    Database database = bqx.database("generate");
    List<Range> ranges;
    try (Catalogue catalogue = new Catalogue(database)) {
      ranges =
          catalogue.pairs(Names.normalize(pairs)).stream()
              .map(pair -> new Range(pair, from, to))
              .toList();
    }
    List<ImportSummary> summaries;
    try (Progress progress = bqx.progress("generate", "bars", 0)) {
      summaries =
          new BarGenerator(database, pairsAtATime, progress::advance).generate(seed, ranges);
    }
    if (json) {
      bqx.printJson("pairs", summaries);
      return ExitCode.DONE.code();
    }
    summaries.forEach(summary -> bqx.print(Summaries.text(summary)));
    if (summaries.stream().allMatch(summary -> summary.inserted() == 0)) {
      bqx.message("all these bars were there already, nothing changed");
    }
    return ExitCode.DONE.code();
  }
}
