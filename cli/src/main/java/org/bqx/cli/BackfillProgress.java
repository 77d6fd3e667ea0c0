package org.bqx.cli;

import org.bqx.partition.Partition;
import org.bqx.run.BackfillListener;
import org.bqx.run.PartitionFailure;
import org.bqx.terminal.Progress;

/** Shows a backfill as a progress bar, with a line for each partition that was not computed. */
final class BackfillProgress implements BackfillListener {
  private final Bqx bqx;
  private final Progress progress;

  BackfillProgress(Bqx bqx, Progress progress) {
    this.bqx = bqx;
    this.progress = progress;
  }

  @Override
  public void planned(int partitions) {
    progress.total(partitions);
  }

  @Override
  public void done(Partition partition, long rows) {
    progress.advance(1);
  }

  @Override
  public void failed(PartitionFailure failure) {
    progress.message("failed: " + text(bqx, failure));
    progress.advance(1);
  }

  @Override
  public void held(PartitionFailure failure) {
    progress.message("held: " + text(bqx, failure));
    progress.advance(1);
  }

  static String text(Bqx bqx, PartitionFailure failure) {
    String text =
        "%s: %s [%s]".formatted(failure.partition(), failure.message(), failure.sqlState());
    return failure.hint() == null
        ? text
        : text + System.lineSeparator() + "  " + bqx.next(failure.hint());
  }
}
