package org.bqx.partition;

import static org.bqx.jooq.Tables.PROGRESS;

import java.time.YearMonth;
import java.util.List;
import org.bqx.catalogue.Catalogue;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/**
 * A range of partitions.
 *
 * @param families empty for all
 * @param pairs empty for all
 * @param from first month, null for the first there is
 * @param to last month, included, null for the last there is
 */
public record PartitionRange(
    List<String> families, List<String> pairs, YearMonth from, YearMonth to) {
  /** What stands in the place of a pair in the partitions of a family of the market. */
  public static final String MARKET = "market";

  /** Every partition. */
  public static final PartitionRange ALL = new PartitionRange(List.of(), List.of(), null, null);

  /** Copies the lists. */
  public PartitionRange {
    families = List.copyOf(families);
    pairs = List.copyOf(pairs);
  }

  /**
   * Checks the names.
   *
   * @throws Failure when a family or pair does not exist, no family has tables, or a family has no
   *     partition of the pairs
   */
  public void check(Catalogue catalogue) {
    check(Work.FEATURES, catalogue);
  }

  /**
   * Checks the names that some work knows: a target is asked for by its definition.
   *
   * @throws Failure as above
   */
  public void check(Work work, Catalogue catalogue) {
    if (work == Work.FEATURES) {
      catalogue.families(families);
    }
    catalogue.pairs(pairsWithBars());
    if (work == Work.FEATURES && !families.isEmpty() && !pairs.isEmpty()) {
      List<String> ofMarket = catalogue.familiesOfMarket();
      for (String family : families) {
        boolean isOfMarket = ofMarket.contains(family);
        if (isOfMarket ? !pairs.contains(MARKET) : pairsWithBars().isEmpty()) {
          throw new Failure(
              ExitCode.USAGE,
              "family \"%s\" has no partition of %s".formatted(family, String.join(", ", pairs)),
              isOfMarket
                  ? "name the market, too: --pairs %s,market".formatted(String.join(",", pairs))
                  : "name pairs, or leave --pairs out");
        }
      }
    }
  }

  /** Returns the pairs without the market, which reads the bars of all; empty for all. */
  public List<String> pairsWithBars() {
    return pairs.stream().filter(pair -> !pair.equals(MARKET)).toList();
  }

  /** Returns whether something is of the range; what is null is of all, and so of this too. */
  public boolean has(String family, String pair, YearMonth month) {
    return (family == null || families.isEmpty() || families.contains(family))
        && (pair == null || pairs.isEmpty() || pairs.contains(pair))
        && (month == null || from == null || !month.isBefore(from))
        && (month == null || to == null || !month.isAfter(to));
  }

  /** Returns what is true of the rows of {@code bqx.progress} that are in the range. */
  public Condition condition() {
    Condition inRange = DSL.noCondition();
    if (!families.isEmpty()) {
      inRange = inRange.and(PROGRESS.FAMILY.in(families));
    }
    if (!pairs.isEmpty()) {
      inRange = inRange.and(PROGRESS.PAIR.in(pairs));
    }
    if (from != null) {
      inRange = inRange.and(ProgressFields.MONTH.ge(from));
    }
    if (to != null) {
      inRange = inRange.and(ProgressFields.MONTH.le(to));
    }
    return inRange;
  }
}
