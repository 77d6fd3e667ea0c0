package org.bqx.benchmarks;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import org.bqx.benchmarks.database.BenchDatabase;
import org.bqx.benchmarks.database.BenchServer;
import org.bqx.benchmarks.database.FamilyBench;
import org.bqx.benchmarks.database.PartitionBench;
import org.bqx.benchmarks.database.RangeBench;
import org.bqx.benchmarks.report.BenchPicture;
import org.bqx.benchmarks.report.BenchReport;
import org.bqx.benchmarks.report.BenchText;
import org.bqx.benchmarks.report.FamilyResult;
import org.bqx.benchmarks.report.FamilyText;
import org.bqx.benchmarks.report.Machine;
import org.bqx.benchmarks.report.Measure;
import org.bqx.benchmarks.report.PartitionResult;
import org.bqx.benchmarks.report.RangeResult;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Progress;
import org.bqx.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code ./bqx bench}. */
@Command(
    name = "bqx bench",
    description = {
      "What bqx costs, on a private server of its own: ratios to what PostgreSQL needs to write the",
      "same rows, to other ways to compute them, and between numbers of workers."
    },
    usageHelpAutoWidth = true,
    subcommands = {
      KernelsCommand.class,
      GrowthCommand.class,
      SettingsCommand.class,
      ReadsCommand.class,
      FrontCommand.class
    })
public final class Bench implements Callable<Integer> {
  private static final int SCHEMA = 1;
  private static final int PAIRS = 28;
  private static final int RANGE_PAIRS = 4;
  private static final YearMonth FROM = YearMonth.of(2024, 7);

  @Spec private CommandSpec spec;

  @Option(
      names = "--family",
      split = ",",
      paramLabel = "FAMILY",
      scope = ScopeType.INHERIT,
      description =
          "measure nothing but a partition of each of these families, or of all, beside the floor of"
              + " as many columns; with a subcommand: the families that it measures")
  private List<String> families = List.of();

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description = "pairs of the range (default: 4), or with bars for --family (default: 28)")
  private Integer pairCount;

  @Option(
      names = "--months",
      paramLabel = "N",
      description = "months of the range (default: ${DEFAULT-VALUE})")
  private int monthCount = 2;

  @Option(
      names = "--workers",
      split = ",",
      paramLabel = "N",
      description = "numbers of workers to compute the range with (default: 1,2)")
  private List<Integer> workers = List.of(1, 2);

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often a partition is measured (default: ${DEFAULT-VALUE})")
  private int rounds = 7;

  @Option(
      names = "--range-rounds",
      paramLabel = "N",
      description = "how often the range is (default: ${DEFAULT-VALUE})")
  private int rangeRounds = 5;

  @Option(
      names = "--rivals",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "measure SQL window functions and PL/Python, too")
  private boolean rivals;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "a setting of the server; may be repeated")
  private Map<String, String> settings = Map.of();

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "print JSON")
  private boolean json;

  @Option(names = "--picture", paramLabel = "FILE", description = "draw the ratios as SVG, too")
  private Path picture;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "print the stack trace of an error")
  private boolean debug;

  @Option(
      names = "--help",
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "print this help")
  private boolean help;

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(
        run(
            arguments,
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
  }

  /**
   * Runs the command.
   *
   * @return its exit code
   */
  static int run(String[] arguments, PrintWriter out, PrintWriter err) {
    Bench bench = new Bench();
    CommandLine commandLine = new CommandLine(bench);
    commandLine.setOut(out);
    commandLine.setErr(err);
    commandLine.setExpandAtFiles(false);
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExecutionStrategy(
        parsed -> {
          requireOwnOptions(parsed);
          return new CommandLine.RunLast().execute(parsed);
        });
    commandLine.setParameterExceptionHandler(
        (wrong, ignored) -> {
          report(err, wrong.getMessage(), "./bqx bench --help");
          return ExitCode.USAGE.code();
        });
    commandLine.setExecutionExceptionHandler(
        (thrown, ignored, parsed) -> {
          if (bench.debug) {
            thrown.printStackTrace(err);
          }
          Failure failure = Failure.of(thrown);
          report(err, failure.getMessage(), failure.hint());
          return failure.exitCode().code();
        });
    return commandLine.execute(arguments);
  }

  /** What stands before a subcommand and is not of all would be taken for nothing. */
  private static void requireOwnOptions(ParseResult parsed) {
    if (!parsed.hasSubcommand()) {
      return;
    }
    for (OptionSpec option : parsed.matchedOptions()) {
      if (option.scopeType() == ScopeType.LOCAL) {
        throw new ParameterException(
            parsed.commandSpec().commandLine(),
            "%s before %s is of what bench measures without it"
                .formatted(option.longestName(), parsed.subcommand().commandSpec().name()));
      }
    }
  }

  private static void report(PrintWriter err, String message, String next) {
    err.println("bqx: " + message);
    if (next != null) {
      err.println("next: " + next);
    }
  }

  @Override
  public Integer call() throws Exception {
    boolean byFamily = !families.isEmpty();
    if (pairCount == null) {
      pairCount = byFamily ? PAIRS : RANGE_PAIRS;
    }
    requirePairs(pairCount);
    require(monthCount >= 1, "--months %d is below 1".formatted(monthCount));
    require(rounds >= 1, "--rounds %d is below 1".formatted(rounds));
    require(rangeRounds >= 1, "--range-rounds %d is below 1".formatted(rangeRounds));
    List<Integer> counts = workers.stream().distinct().sorted().toList();
    require(counts.get(0) >= 1, "--workers %d is below 1".formatted(counts.get(0)));
    require(!byFamily || picture == null, "--picture draws what bench measures without --family");
    for (String option : List.of("--workers", "--range-rounds", "--rivals")) {
      require(
          !byFamily || !spec.commandLine().getParseResult().hasMatchedOption(option),
          option + " is of what bench measures without --family");
    }

    try (BenchServer server = new BenchServer(settings)) {
      BenchDatabase database = server.createDatabase("bench", List.of());
      List<String> ofFamilies = byFamily ? database.enable(families) : List.of();
      List<String> pairs = database.pairs().subList(0, pairCount);
      YearMonth to = FROM.plusMonths(monthCount - 1L);
      try (Progress progress = progress("generate", "bars")) {
        database.generate(pairs, FROM, to, progress::advance);
      }
      if (byFamily) {
        measureFamilies(server, database, ofFamilies, pairs.get(0), to);
        return ExitCode.DONE.code();
      }
      PartitionBench partition = new PartitionBench(database, pairs.get(0), to);
      List<PartitionResult> partitions =
          measure("partition", (total, step) -> partition.run(rounds, rivals, total, step));
      if (rivals && partitions.stream().noneMatch(p -> p.samples().containsKey(Measure.NUMPY))) {
        spec.commandLine()
            .getErr()
            .println("PL/Python is left out: the server has no plpython3u, or that has no numpy");
      }
      RangeBench ranges = new RangeBench(database, pairs, FROM, to);
      RangeResult range =
          measure("range", (total, step) -> ranges.run(counts, rangeRounds, total, step));
      BenchReport report = BenchReport.of(server.machine(), partitions, range);
      if (picture != null) {
        BenchPicture.write(picture, report);
      }
      print("bench", report, BenchText.lines(report));
    }
    return ExitCode.DONE.code();
  }

  private void measureFamilies(
      BenchServer server,
      BenchDatabase database,
      List<String> ofFamilies,
      String pair,
      YearMonth month)
      throws Exception {
    database.quote(pair);
    FamilyBench bench = new FamilyBench(database, ofFamilies, pair, month);
    List<FamilyResult> results =
        measure("families", (total, step) -> bench.run(rounds, total, step));
    Machine machine = server.machine();
    print(
        "families",
        Map.of("machine", machine, "results", results),
        FamilyText.lines(results, machine));
  }

  /** Returns the families that were named, none for all. */
  List<String> families() {
    return families.contains("all") ? List.of() : families.stream().distinct().toList();
  }

  Progress progress(String label, String unit) {
    return new Progress(
        spec.commandLine().getErr(), Terminal.isStandardError(System.getenv()), label, unit, 0);
  }

  /** Measures, and shows how far it is. */
  interface Measurement<R> {
    /**
     * @param total is told how many measurements there will be
     * @param step is told of each once it is made
     */
    R run(IntConsumer total, Runnable step) throws Exception;
  }

  /** Makes measurements while their progress is shown. */
  <R> R measure(String label, Measurement<R> measurement) throws Exception {
    try (Progress progress = progress(label, "measurements")) {
      return measurement.run(progress::total, () -> progress.advance(1));
    }
  }

  /** Prints a result on standard output, as one JSON object or as lines for people. */
  void print(String name, Object result, List<String> lines) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("schema", SCHEMA);
      object.put(name, result);
      out.println(JsonMapper.shared().writeValueAsString(object));
    } else {
      lines.forEach(out::println);
    }
    out.flush();
  }

  void requirePairs(int count) {
    require(count >= 1 && count <= PAIRS, "--pairs %d is not 1 to %d".formatted(count, PAIRS));
  }

  void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
