package org.bqx.cli;

import java.time.Duration;
import org.bqx.engine.EngineName;
import org.bqx.run.BackfillRequest;
import org.bqx.run.RunSettings;
import picocli.CommandLine.Option;

/** The options that plan and backfill share. */
final class BackfillOptions extends PartitionOptions {
  @Option(
      names = "--force",
      description = "compute what is done, too; remove rows whose bars are gone")
  private boolean force;

  @Option(names = "--retry", description = "compute what failed, and nothing else")
  private boolean retry;

  @Option(names = "--newest-first", description = "begin with the last month")
  private boolean newestFirst;

  BackfillRequest request() {
    check();
    require(!(force && retry), "--force and --retry exclude each other");
    return new BackfillRequest(range(), workers(), force);
  }

  RunSettings settings() {
    RunSettings usual = RunSettings.DEFAULT;
    return settings(
        false,
        usual.patience(),
        usual.statementTimeout(),
        usual.lockTimeout(),
        usual.keepRuns(),
        null);
  }

  RunSettings settings(
      boolean failFast,
      Duration patience,
      Duration statementTimeout,
      Duration lockTimeout,
      int keepRuns,
      EngineName engine) {
    require(keepRuns >= 1, "--keep-runs %d is below 1".formatted(keepRuns));
    return new RunSettings(
        newestFirst, retry, failFast, patience, statementTimeout, lockTimeout, keepRuns, engine);
  }
}
