package org.bqx.cli;

import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.nodes.LostPair;
import org.bqx.stages.Airtable;
import org.bqx.stages.Airtable.Change;
import org.bqx.stages.AirtableSettings;
import org.bqx.stages.Stage;
import org.bqx.stages.StageStore;
import org.bqx.stages.StageTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "stages", description = "List the stages of schema and backfill.")
final class StagesCommand implements Callable<Integer> {
  /** Where stages can be copied to. */
  enum Target {
    AIRTABLE
  }

  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Option(
      names = "--sync",
      paramLabel = "TARGET",
      description =
          "airtable: set each stage's status in the base AIRTABLE_BASE_ID with the token"
              + " AIRTABLE_API_KEY; without --yes it says what it would do")
  private Target sync;

  @Option(names = "--yes", description = "write, rather than say what would be written")
  private boolean yes;

  @Option(
      names = "--airtable-table",
      paramLabel = "NAME",
      defaultValue = "Stages",
      description = "table (default: ${DEFAULT-VALUE})")
  private String table;

  @Option(
      names = "--airtable-stage-field",
      paramLabel = "NAME",
      defaultValue = "Stage",
      description = "field that holds the stage, such as 1.5.4.3 (default: ${DEFAULT-VALUE})")
  private String stageField;

  @Option(
      names = "--airtable-status-field",
      paramLabel = "NAME",
      defaultValue = "Status",
      description = "field that is set (default: ${DEFAULT-VALUE})")
  private String statusField;

  @Option(
      names = "--airtable-url",
      paramLabel = "URL",
      defaultValue = "https://api.airtable.com/v0",
      description = "API (default: ${DEFAULT-VALUE})")
  private URI url;

  @Override
  public Integer call() throws Exception {
    if (yes && sync == null) {
      throw new ParameterException(spec.commandLine(), "--yes goes with --sync");
    }
    // Before anything else, so that nothing waits for a connection to hear of it.
    Airtable airtable = sync == null ? null : new Airtable(settings());
    List<Stage> stages;
    List<LostPair> lost;
    try (StageStore store = new StageStore(bqx.database("stages"))) {
      stages = store.read();
      lost = store.lost();
      bqx.sayOfLost(lost);
    }
    if (airtable != null) {
      if (!lost.isEmpty()) {
        throw new Failure(
            ExitCode.FAILED,
            "the stages of what is not counted are not known: airtable is left as it is",
            "once all nodes answer (./bqx node list), the same again");
      }
      return sync(airtable, stages).code();
    }
    if (json) {
      bqx.printJson("stages", stages);
    } else {
      StageTable.render(stages, bqx.columns()).forEach(bqx::print);
    }
    return ExitCode.DONE.code();
  }

  private ExitCode sync(Airtable airtable, List<Stage> stages) throws InterruptedException {
    List<Change> changes = airtable.compare(stages);
    if (yes) {
      airtable.write(changes);
    }
    if (json) {
      bqx.printJson("changes", changes);
    }
    for (Change change : changes) {
      if (change.record() == null) {
        bqx.printError(
            "the table has no record of stage " + change.stage(), "add it with that " + stageField);
      } else if (!json && change.isNeeded()) {
        bqx.print(
            "%-8s %s -> %s"
                .formatted(
                    change.stage(), change.from() == null ? "empty" : change.from(), change.to()));
      }
    }
    long needed = changes.stream().filter(Change::isNeeded).count();
    bqx.message(
        needed == 0
            ? "airtable is up to date"
            : yes ? needed + " stages set" : needed + " stages would be set; --yes sets them");
    return changes.stream().anyMatch(change -> change.record() == null)
        ? ExitCode.FAILED
        : ExitCode.DONE;
  }

  private AirtableSettings settings() {
    return new AirtableSettings(
        url,
        required("AIRTABLE_BASE_ID"),
        required("AIRTABLE_API_KEY"),
        table,
        stageField,
        statusField);
  }

  private String required(String variable) {
    String value = bqx.environment(variable).strip();
    if (value.isEmpty()) {
      throw new Failure(
          ExitCode.USAGE, "%s is not set".formatted(variable), "export " + variable + "=…");
    }
    if (!value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      // Java's HTTP client would refuse it too, and print it.
      throw new Failure(
          ExitCode.USAGE,
          "%s has a blank or a character that is not ASCII".formatted(variable),
          "export " + variable + "=…");
    }
    return value;
  }
}
