package org.bqx.cli;

import java.time.YearMonth;
import java.util.List;
import org.bqx.partition.PartitionRange;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say which months of which pairs. */
class RangeOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--pairs",
      split = ",",
      paramLabel = "PAIR",
      description = "pairs in any case, all by default")
  private List<String> pairs = List.of();

  @Option(names = "--from", paramLabel = "YYYY-MM", description = "first month")
  private YearMonth from;

  @Option(names = "--to", paramLabel = "YYYY-MM", description = "last month, included")
  private YearMonth to;

  /**
   * Refuses what no range can be.
   *
   * @throws ParameterException when the last month is before the first
   */
  void check() {
    require(
        from == null || to == null || !to.isBefore(from),
        "--to %s is before --from %s".formatted(to, from));
  }

  /** Returns the range of some families, its names in lower case. */
  final PartitionRange range(List<String> families) {
    return new PartitionRange(Names.normalize(families), Names.normalize(pairs), from, to);
  }

  final void require(boolean holds, String otherwise) {
    if (!holds) {
      throw usage(otherwise);
    }
  }

  final ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
