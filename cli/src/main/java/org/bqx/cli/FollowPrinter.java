package org.bqx.cli;

import java.util.List;
import org.bqx.partition.LeftOut;
import org.bqx.partition.LostInputs;
import org.bqx.partition.Partition;
import org.bqx.partition.Work;
import org.bqx.run.BackfillListener;
import org.bqx.run.PartitionFailure;
import org.bqx.terminal.Quantity;

/** Prints a line, or a JSON object, for each partition as it is brought up to date. */
final class FollowPrinter implements BackfillListener {
  private final Bqx bqx;
  private final boolean json;

  FollowPrinter(Bqx bqx, boolean json) {
    this.bqx = bqx;
    this.json = json;
  }

  @Override
  public void planned(int partitions) {
    // There is no end to measure progress by.
  }

  @Override
  public void leftOut(LeftOut partitions) {
    partitions.lines().forEach(bqx::message);
  }

  @Override
  public void leftOver(Work work, List<Partition> partitions) {
    LostInputs.lines(work, partitions).forEach(line -> bqx.message(bqx.next(line)));
  }

  @Override
  public void removed(Partition partition) {
    bqx.message(LostInputs.removed(partition));
  }

  @Override
  public synchronized void done(Partition partition, long rows) {
    if (json) {
      bqx.printJson(
          "partition",
          new Done(partition.family(), partition.pair(), partition.month().toString(), rows));
    } else {
      bqx.print("%s: %s".formatted(partition, Quantity.of(rows, "row")));
    }
  }

  @Override
  public void failed(PartitionFailure failure) {
    bqx.message("failed: " + BackfillProgress.text(bqx, failure));
  }

  @Override
  public void held(PartitionFailure failure) {
    bqx.message("held: " + BackfillProgress.text(bqx, failure));
  }

  @Override
  public void unreachable(String node, int partitions, PartitionFailure first) {
    bqx.message(BackfillProgress.unreachableText(bqx, node, partitions, first));
  }

  private record Done(String family, String pair, String month, long rows) {}
}
