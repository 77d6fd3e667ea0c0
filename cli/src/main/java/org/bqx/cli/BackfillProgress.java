package org.bqx.cli;

import java.util.List;
import org.bqx.partition.LeftOut;
import org.bqx.partition.LostInputs;
import org.bqx.partition.Partition;
import org.bqx.partition.Work;
import org.bqx.run.BackfillListener;
import org.bqx.run.PartitionFailure;
import org.bqx.terminal.Progress;
import org.bqx.terminal.Quantity;

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
  public void leftOut(LeftOut partitions) {
    partitions.lines().forEach(progress::message);
  }

  @Override
  public void leftOver(Work work, List<Partition> partitions) {
    LostInputs.lines(work, partitions).forEach(line -> progress.message(bqx.next(line)));
  }

  @Override
  public void removed(Partition partition) {
    progress.message(LostInputs.removed(partition));
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

  @Override
  public void unreachable(String node, int partitions, PartitionFailure first) {
    progress.message(unreachableText(bqx, node, partitions, first));
    progress.advance(partitions);
  }

  static String unreachableText(Bqx bqx, String node, int partitions, PartitionFailure first) {
    return "failed: %s of node %s, which does not answer: %s [%s]%n  %s"
        .formatted(
            Quantity.of(partitions, "partition"),
            node,
            first.message(),
            first.sqlState(),
            bqx.next("./bqx backfill --retry (once it does; ./bqx node list says)"));
  }

  static String text(Bqx bqx, PartitionFailure failure) {
    String text =
        "%s: %s [%s]".formatted(failure.partition(), failure.message(), failure.sqlState());
    return failure.hint() == null
        ? text
        : text + System.lineSeparator() + "  " + bqx.next(failure.hint());
  }
}
