package org.bqx.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.partition.LeftOut;
import org.bqx.partition.LostInputs;
import org.bqx.partition.Partition;
import org.bqx.partition.PartitionState;
import org.bqx.partition.Selection;
import org.bqx.partition.Work;
import org.bqx.partition.Write;
import org.bqx.plan.BackfillPlan;
import org.bqx.plan.PlannedPartition;
import org.bqx.plan.Planner;
import org.bqx.run.BackfillRequest;
import org.bqx.run.RunSettings;
import org.bqx.terminal.Quantity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "plan", description = "Say what a backfill would compute, and why.")
final class PlanCommand implements Callable<Integer> {
  @ParentCommand private Bqx bqx;
  @Mixin private BackfillOptions options;

  @Option(names = "--all", description = "list what is done, too")
  private boolean all;

  @Option(names = "--json", description = "print JSON, of all")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    BackfillRequest request = options.request();
    List<BackfillRequest> requests = new ArrayList<>(List.of(request));
    if (request.range().families().isEmpty()) {
      requests.add(
          new BackfillRequest(
              Work.CORRELATIONS, request.range(), request.workers(), request.force()));
    }
    return print(bqx, "plan", requests, options.settings(), all, json).code();
  }

  /**
   * Prints what would be done: a line for each partition that a backfill takes, and a summary of
   * all.
   *
   * @param all whether to list what it leaves alone, too
   * @return {@link ExitCode#FAILED} where a node does not answer
   */
  static ExitCode print(
      Bqx bqx,
      String command,
      List<BackfillRequest> requests,
      RunSettings settings,
      boolean all,
      boolean json)
      throws Exception {
    Database database = bqx.database(command);
    Planner planner = new Planner(database);
    BackfillPlan plan = null;
    List<String> leftOver = new ArrayList<>();
    for (BackfillRequest request : requests) {
      BackfillPlan one = planner.plan(request, settings);
      leftOver.addAll(LostInputs.lines(request.work(), leftOver(one)));
      plan = plan == null ? one : plan.plus(one);
    }
    if (json) {
      bqx.printJson("plan", plan);
      return exitCode(plan);
    }
    Selection taken = requests.get(0).selection(settings);
    List<PlannedPartition> listed =
        plan.partitions().stream()
            .filter(partition -> all || taken.takes(partition.state()) || hasLostInputs(partition))
            .toList();
    int state = width(listed, 7, one -> one.state().toString());
    int family = width(listed, 3, PlannedPartition::family);
    int pair = width(listed, 6, PlannedPartition::pair);
    int write = width(listed, 8, one -> one.write().toString());
    String format =
        "%-"
            + state
            + "s  %-"
            + family
            + "s %-"
            + pair
            + "s %s  %,7d %-4s  %6.2f s  %-"
            + write
            + "s  %s";
    for (PlannedPartition partition : listed) {
      bqx.print(text(format, partition));
    }
    bqx.print(text(plan, requests.get(0).work()));
    if (plan.partitions().isEmpty()) {
      bqx.message("this range has no bars");
    }
    LeftOut.of(
            plan.partitions().stream()
                .filter(partition -> partition.write() != Write.REMOVAL)
                .map(PlannedPartition::state))
        .lines()
        .forEach(bqx::message);
    leftOver.forEach(line -> bqx.message(bqx.next(line)));
    StatusCommand.sayOfBars(bqx, database);
    return exitCode(plan);
  }

  private static ExitCode exitCode(BackfillPlan plan) {
    return plan.lacksNodes() ? ExitCode.FAILED : ExitCode.DONE;
  }

  /** Returns those with rows that only a forced backfill takes, which this one is not. */
  private static List<Partition> leftOver(BackfillPlan plan) {
    return plan.partitions().stream()
        .filter(one -> hasLostInputs(one) && one.write() != Write.REMOVAL)
        .map(one -> new Partition(one.family(), one.pair(), one.month()))
        .toList();
  }

  /** Of bars or quotes. No backfill mends that, but somebody should. */
  private static boolean hasLostInputs(PlannedPartition partition) {
    return partition.state().lacksInputs() && partition.reason() != null;
  }

  /** Returns how wide a column is that is usually this wide. */
  private static int width(
      List<PlannedPartition> listed, int usual, Function<PlannedPartition, String> cell) {
    return listed.stream().mapToInt(one -> cell.apply(one).length()).reduce(usual, Math::max);
  }

  private static String text(String format, PlannedPartition partition) {
    return String.format(
            Locale.ROOT,
            format,
            partition.state(),
            partition.family(),
            partition.pair(),
            partition.month(),
            partition.bars(),
            partition.bars() == 1 ? "bar" : "bars",
            partition.seconds(),
            partition.write(),
            partition.reason() == null ? "" : partition.reason())
        .stripTrailing();
  }

  private static String text(BackfillPlan plan, Work work) {
    String states =
        plan.states().entrySet().stream()
            .map((Map.Entry<PartitionState, Integer> one) -> one.getValue() + " " + one.getKey())
            .collect(Collectors.joining(", "));
    Duration duration = Duration.ofMillis(Math.round(plan.seconds() * 1000));
    return String.format(
        Locale.ROOT,
        "%s%s; about %d:%02d with %s at %,.0f %s/s each%s",
        Quantity.of(plan.partitions().size(), "partition"),
        states.isEmpty() ? "" : ": " + states,
        duration.toMinutes(),
        duration.toSecondsPart(),
        Quantity.of(plan.workers(), "worker"),
        plan.rowsPerSecond(),
        work == Work.CORRELATIONS ? "bars" : "rows",
        plan.measured() ? "" : " (a guess, nothing was computed yet)");
  }
}
