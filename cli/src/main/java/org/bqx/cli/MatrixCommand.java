package org.bqx.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bqx.failure.ExitCode;
import org.bqx.failure.GivenFile;
import org.bqx.matrix.CheckOutcome;
import org.bqx.matrix.CheckRequest;
import org.bqx.matrix.Manifest;
import org.bqx.matrix.MatrixCheck;
import org.bqx.matrix.MatrixColumn;
import org.bqx.matrix.MatrixFact;
import org.bqx.matrix.MatrixFile;
import org.bqx.matrix.MatrixStore;
import org.bqx.terminal.Progress;
import org.bqx.terminal.Quantity;
import org.bqx.verify.Finding;
import org.bqx.verify.JUnitReport;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "matrix",
    description = {
      "Define, list, show, check and drop feature matrices.",
      "A matrix is a named selection of columns, of a pair and of related ones, with a target and",
      "splits."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      MatrixCommand.Define.class,
      MatrixCommand.ListAll.class,
      MatrixCommand.Show.class,
      MatrixCommand.Check.class,
      MatrixCommand.Drop.class
    })
final class MatrixCommand implements Runnable {
  private static final String NAME = "matrix";

  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command of matrix given");
  }

  private MatrixStore store() {
    return new MatrixStore(bqx.database(NAME));
  }

  private static String range(Instant from, Instant to) {
    return "%s to %s"
        .formatted(from == null ? "the baseline bar" : from, to == null ? "the last bar" : to);
  }

  private static String orDash(Object value) {
    return Objects.toString(value, "-");
  }

  @Command(
      name = "define",
      description = {
        "Define a matrix. Patterns are family.column, where * stands for any characters: bqx.*,",
        "reg.w60_*, mom.w14_mom_rsi, derived.*. They are kept as the columns that they name now."
      })
  static final class Define implements Callable<Integer> {
    @ParentCommand private MatrixCommand matrix;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "letters, digits and _")
    private String name;

    @Option(names = "--file", paramLabel = "FILE", description = "YAML with all the rest")
    private Path file;

    @ArgGroup(exclusive = false)
    private Options options;

    private static final class Options {
      @Option(
          names = "--pairs",
          split = ",",
          required = true,
          paramLabel = "PAIR",
          description = "whose rows it has, in any case; all: of every pair that has bars now")
      private List<String> pairs;

      @Option(
          names = "--columns",
          split = ",",
          required = true,
          paramLabel = "PATTERN",
          description = "columns of the pair itself")
      private List<String> columns;

      @Option(
          names = "--related",
          split = ",",
          paramLabel = "PAIR",
          description = "pairs whose columns it has, too; same: those that share a currency; all")
      private List<String> related;

      @Option(
          names = "--related-columns",
          split = ",",
          paramLabel = "PATTERN",
          description = "columns of these")
      private List<String> relatedColumns;

      @Option(
          names = "--related-max-age",
          paramLabel = "MINUTES",
          description = "take a related pair's last row of that age (default: the same minute's)")
      private Integer relatedMaxAge;

      @Option(
          names = "--lags",
          split = ",",
          paramLabel = "BARS",
          description = "columns once more, that many bars earlier")
      private List<Integer> lags;

      @Option(
          names = "--lag-columns",
          split = ",",
          paramLabel = "PATTERN",
          description =
              "which of the columns (default: those of bqx, reg, volume, spread and xpair)")
      private List<String> lagColumns;

      @Option(
          names = "--target",
          paramLabel = "wW_hH",
          description = "window and horizon in bars, or none (default: w60_h60)")
      private String target;

      @Option(
          names = "--from",
          paramLabel = "TIME",
          description = "first day or instant, UTC (default: each pair's baseline bar)")
      private String from;

      @Option(
          names = "--to",
          paramLabel = "TIME",
          description = "end, excluded (default: the last bar)")
      private String to;

      @Option(
          names = "--train-until",
          paramLabel = "TIME",
          description = "end of training (default: 70 %% of the time that there is now)")
      private String trainUntil;

      @Option(
          names = "--validate-until",
          paramLabel = "TIME",
          description = "end of validation, start of the test (default: 85 %%)")
      private String validateUntil;

      @Option(
          names = "--embargo",
          paramLabel = "BARS",
          description =
              "bars at the start of validation and test that are of no split (default: H)")
      private Integer embargo;

      private MatrixFile file() {
        return new MatrixFile(
            lower(pairs),
            columns,
            related == null ? null : lower(related),
            relatedColumns,
            relatedMaxAge,
            lags,
            lagColumns,
            target,
            from,
            to,
            trainUntil,
            validateUntil,
            embargo);
      }
    }

    private static List<String> lower(List<String> names) {
      return names.stream().map(one -> one.toLowerCase(Locale.ROOT)).toList();
    }

    @Override
    public Integer call() throws Exception {
      if ((file == null) == (options == null)) {
        throw new ParameterException(
            spec.commandLine(), "give either --file, or --pairs and --columns");
      }
      MatrixFile wanted = file == null ? options.file() : MatrixFile.read(file);
      Bqx bqx = matrix.bqx;
      try (MatrixStore store = matrix.store()) {
        int columns = store.define(wanted.definition(name), bqx::message);
        bqx.message("matrix %s has %s".formatted(name, Quantity.of(columns, "column")));
      }
      return ExitCode.DONE.code();
    }
  }

  @Command(name = "list", description = "List the matrices.")
  static final class ListAll implements Callable<Integer> {
    @ParentCommand private MatrixCommand matrix;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Override
    public Integer call() throws Exception {
      try (MatrixStore store = matrix.store()) {
        List<MatrixFact> all = store.list();
        if (json) {
          matrix.bqx.printJson("matrices", all);
          return ExitCode.DONE.code();
        }
        String format = "%-20s %7s %5s %-16s %s";
        matrix.bqx.print(format.formatted("matrix", "columns", "pairs", "target", "from and to"));
        for (MatrixFact one : all) {
          matrix.bqx.print(
              format.formatted(
                  one.name(),
                  one.columns(),
                  one.pairs().size(),
                  orDash(one.target()),
                  range(one.from(), one.to())));
        }
      }
      return ExitCode.DONE.code();
    }
  }

  @Command(
      name = "show",
      description =
          "Show a matrix: its columns in order, with type, unit, lookback, range and NULLs.")
  static final class Show implements Callable<Integer> {
    @ParentCommand private MatrixCommand matrix;

    @Parameters(paramLabel = "NAME", description = "the matrix")
    private String name;

    @ArgGroup private As as = new As();

    private static final class As {
      @Option(names = "--json", description = "print JSON")
      private boolean json;

      @Option(
          names = "--manifest",
          description = "print the manifest that matrix check --against reads")
      private boolean manifest;
    }

    @Override
    public Integer call() throws Exception {
      Bqx bqx = matrix.bqx;
      try (MatrixStore store = matrix.store()) {
        MatrixFact fact = store.require(name);
        if (as.manifest) {
          store.manifest(fact.name()).toJson().lines().forEach(bqx::print);
          return ExitCode.DONE.code();
        }
        List<MatrixColumn> columns = store.columns(fact.name());
        if (as.json) {
          Map<String, Object> shown = new LinkedHashMap<>();
          shown.put("definition", fact);
          shown.put("columns", columns);
          bqx.printJson(NAME, shown);
          return ExitCode.DONE.code();
        }
        bqx.print("matrix   " + fact.name());
        bqx.print("pairs    " + String.join(", ", fact.pairs()));
        bqx.print("rows     " + range(fact.from(), fact.to()));
        bqx.print(
            "splits   train until %s, validation until %s, then test; embargo %s"
                .formatted(
                    fact.trainUntil(), fact.validateUntil(), Quantity.of(fact.embargo(), "bar")));
        int width = columns.stream().mapToInt(one -> one.name().length()).max().orElse(0);
        String format = "%8s  %-" + width + "s  %-24s %-12s %8s  %-22s %s";
        bqx.print(
            format.formatted("position", "column", "type", "unit", "lookback", "range", "NULL"));
        for (MatrixColumn column : columns) {
          bqx.print(
              format
                  .formatted(
                      column.position(),
                      column.name(),
                      column.type(),
                      column.unit(),
                      orDash(column.lookback()),
                      column.lowest() == null
                          ? "-"
                          : "%s to %s".formatted(number(column.lowest()), number(column.highest())),
                      column.nullable() ? column.nullWhen() : "never")
                  .stripTrailing());
        }
      }
      return ExitCode.DONE.code();
    }

    private static String number(double value) {
      return Double.isInfinite(value)
          ? (value < 0 ? "-inf" : "inf")
          : String.format(Locale.ROOT, "%.6g", value).replaceAll("\\.?0+$", "");
    }
  }

  @Command(name = "drop", description = "Drop a matrix's definition. No feature is touched.")
  static final class Drop implements Callable<Integer> {
    @ParentCommand private MatrixCommand matrix;

    @Parameters(paramLabel = "NAME", description = "the matrix")
    private String name;

    @Override
    public Integer call() throws Exception {
      try (MatrixStore store = matrix.store()) {
        store.drop(name);
        matrix.bqx.message("matrix %s dropped".formatted(name));
      }
      return ExitCode.DONE.code();
    }
  }

  @Command(
      name = "check",
      description = {
        "Check a matrix: manifest, rows, types, ranges, NULLs, targets, drift, and that no feature",
        "looks at bars after its row. Differences are named; exit code 3."
      })
  static final class Check implements Callable<Integer> {
    private static final int SHOWN = 10;
    private static final String TRAIN = "train";

    @ParentCommand private MatrixCommand matrix;
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "the matrix")
    private String name;

    @Option(
        names = "--against",
        paramLabel = "FILE",
        description = "manifest that the matrix must be equal to")
    private Path against;

    @Option(
        names = "--sample",
        paramLabel = "N",
        description = "rows of a partition that are computed again (default: ${DEFAULT-VALUE})")
    private int sample = CheckRequest.DEFAULT_SAMPLE;

    @Option(
        names = "--null-share",
        paramLabel = "SHARE",
        description = "warn of more NULLs, and of such a change (default: ${DEFAULT-VALUE})")
    private double nullShare = CheckRequest.DEFAULT_NULL_SHARE;

    @Option(
        names = "--psi",
        paramLabel = "INDEX",
        description = "warn of a greater population stability index (default: ${DEFAULT-VALUE})")
    private double stability = CheckRequest.DEFAULT_STABILITY;

    @Option(
        names = "--reference",
        paramLabel = "YYYY-MM",
        description = "month that others are compared with, or train (default: the first)")
    private String reference;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Option(names = "--junit", paramLabel = "FILE", description = "write JUnit XML, too")
    private Path junit;

    @Override
    public Integer call() throws Exception {
      require(sample >= 0, "--sample %d is below 0".formatted(sample));
      require(nullShare >= 0, "--null-share %s is not a number from 0 on".formatted(nullShare));
      require(stability >= 0, "--psi %s is not a number from 0 on".formatted(stability));
      GivenFile.requireWritable(junit);
      Bqx bqx = matrix.bqx;
      CheckRequest request =
          new CheckRequest(
              name,
              against == null ? null : Manifest.read(against),
              sample,
              nullShare,
              stability,
              reference == null || reference.equals(TRAIN) ? null : month(),
              TRAIN.equals(reference));
      CheckOutcome outcome;
      try (Progress progress = bqx.progress("matrix check", "months", 0)) {
        outcome =
            new MatrixCheck(bqx.database(NAME), request, progress::total, () -> progress.advance(1))
                .run();
      }
      if (json) {
        bqx.printJson("check", outcome);
      } else {
        lines(outcome).forEach(bqx::print);
      }
      if (junit != null) {
        write(outcome);
      }
      bqx.message(outcome.summary());
      return (outcome.differences().isEmpty() ? ExitCode.DONE : ExitCode.DIFFERENT).code();
    }

    private void require(boolean holds, String otherwise) {
      if (!holds) {
        throw new ParameterException(spec.commandLine(), otherwise);
      }
    }

    private YearMonth month() {
      try {
        return YearMonth.parse(reference);
      } catch (DateTimeParseException malformed) {
        throw new ParameterException(
            spec.commandLine(),
            "--reference %s is neither a month, 2024-07, nor train".formatted(reference),
            malformed);
      }
    }

    private static List<String> lines(CheckOutcome outcome) {
      List<String> lines = new ArrayList<>();
      for (Finding fact : outcome.facts()) {
        lines.add(
            "fact: "
                + Stream.of(fact.check(), fact.pair(), fact.month(), fact.column())
                    .filter(Objects::nonNull)
                    .map(Object::toString)
                    .collect(Collectors.joining(" "))
                + ": "
                + fact.found());
      }
      add(lines, "difference", outcome.differences());
      add(lines, "warning", outcome.warnings());
      return lines;
    }

    /** Adds the first findings of each check: a column that is wrong is so in many months. */
    private static void add(List<String> lines, String kind, List<Finding> findings) {
      Map<String, List<Finding>> byCheck =
          findings.stream()
              .collect(
                  Collectors.groupingBy(Finding::check, LinkedHashMap::new, Collectors.toList()));
      byCheck.forEach(
          (check, some) -> {
            some.stream()
                .limit(SHOWN)
                .forEach(finding -> lines.add(kind + ": " + VerifyText.line(finding)));
            if (some.size() > SHOWN) {
              lines.add(
                  "%s: %s: and %d more: --json lists them"
                      .formatted(kind, check, some.size() - SHOWN));
            }
          });
    }

    private void write(CheckOutcome outcome) {
      JUnitReport.write(
          junit,
          "bqx matrix check",
          outcome.checks().stream()
              .map(
                  check ->
                      new JUnitReport.Case(
                          outcome.name(),
                          check,
                          outcome.differences().stream()
                              .filter(
                                  one ->
                                      one.check().equals(check)
                                          || one.check().startsWith(check + ":"))
                              .map(VerifyText::line)
                              .toList(),
                          null))
              .toList());
    }
  }
}
