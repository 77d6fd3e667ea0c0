package org.bqx.report;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bqx.gaps.Coverage;
import org.bqx.gaps.Gap;
import org.bqx.monitor.FamilyProgress;
import org.bqx.monitor.PartitionFact;
import org.bqx.partition.Partition;
import org.bqx.partition.PartitionRange;
import org.bqx.partition.PartitionState;
import org.bqx.stages.Stage;
import org.bqx.verify.PartitionCheck;
import org.bqx.verify.VerifyOutcome;

/**
 * What a report says.
 *
 * @param at the server's clock when it was read
 * @param server where the database is
 * @param range what it was asked for
 * @param families totals of the partitions in the report, in the catalogue's order; the size on
 *     disk is that of the family
 * @param labels for each family, what its NULLs are counted by: windows as {@code w60}, or its name
 *     where it has none
 * @param stages of schema and backfill
 * @param partitions by family, pair and month
 * @param verification null when nothing was verified
 * @param coverage how complete the bars of each month are, where gaps have been looked for
 * @param knowsGaps false while a node does not answer, so that nobody knows of gaps
 * @param gaps stretches without bars, none where they are not known
 * @param features the values themselves, null when nothing is computed
 */
public record Report(
    Instant at,
    String server,
    PartitionRange range,
    List<FamilyProgress> families,
    Map<String, List<String>> labels,
    List<Stage> stages,
    List<PartitionFact> partitions,
    VerifyOutcome verification,
    List<Coverage> coverage,
    boolean knowsGaps,
    List<Gap> gaps,
    Features features) {

  /** Copies the collections. */
  public Report {
    families = List.copyOf(families);
    labels = Map.copyOf(labels);
    stages = List.copyOf(stages);
    partitions = List.copyOf(partitions);
    coverage = List.copyOf(coverage);
    gaps = List.copyOf(gaps);
  }

  /** What verification says of a partition. */
  enum Proof {
    /** Checked to its end, and nothing differs. */
    VERIFIED("verified"),
    /** Something differs. */
    DIFFERENT("differs"),
    /** It could not be checked to its end. */
    UNREADABLE("not checked"),
    /** It was computed after the verification. */
    COMPUTED_SINCE("computed since, not verified"),
    /** No verification, or one that did not reach it. */
    NONE("not verified");

    private final String text;

    Proof(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Returns whether a partition has no rows since there is nothing to compute them from. */
  static boolean isLeftOut(PartitionFact partition) {
    return partition.state().lacksInputs() && partition.rows() == null;
  }

  /** Returns what verification found of each partition that it came to. */
  Map<Partition, PartitionCheck> checks() {
    Map<Partition, PartitionCheck> checks = new LinkedHashMap<>();
    if (verification != null) {
      verification.partitions().forEach(check -> checks.put(check.partition(), check));
    }
    return checks;
  }

  /** Returns what is proven of a partition by its check, which is null when there is none. */
  Proof proof(PartitionFact partition, PartitionCheck check) {
    if (check == null) {
      return Proof.NONE;
    }
    if (partition.finishedAt() != null && partition.finishedAt().isAfter(verification.at())) {
      return Proof.COMPUTED_SINCE;
    }
    if (!check.differences().isEmpty()) {
      return Proof.DIFFERENT;
    }
    return check.error() == null ? Proof.VERIFIED : Proof.UNREADABLE;
  }

  /** Returns the seconds that the last computation of a partition took, null when there is none. */
  static Double seconds(PartitionFact partition) {
    if (partition.startedAt() == null || partition.finishedAt() == null) {
      return null;
    }
    return Duration.between(partition.startedAt(), partition.finishedAt()).toNanos() / 1e9;
  }

  /** Returns rows a second of the last computation, null when there is none that made rows. */
  static Double rowsPerSecond(PartitionFact partition) {
    Double seconds = seconds(partition);
    return seconds == null
            || seconds <= 0
            || partition.rows() == null
            || partition.is(PartitionState.FAILED)
        ? null
        : Double.valueOf(partition.rows() / seconds);
  }

  /** Returns a partition's name as keys of {@link #checks()} have it. */
  static Partition key(PartitionFact partition) {
    return new Partition(partition.family(), partition.pair(), partition.month());
  }
}
