package org.bqx.verify;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bqx.engine.ClientReference;
import org.bqx.engine.ClientReference.Difference;
import org.bqx.partition.Partition;

/** What is being found of one partition, by the server and where it has no Java by the client. */
final class PartitionFindings {
  private static final String AGAINST_REFERENCE = "rows against the reference";
  private static final String COMPUTED_AGAIN = "rows computed again";

  /**
   * What the server leaves to the client.
   *
   * @param positions of the bars whose rows are to meet the reference
   * @param digest of the bars that this goes for
   */
  record Pending(int[] positions, String digest) {}

  private final Partition partition;
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final List<Finding> warnings = new ArrayList<>();
  private final List<Finding> differences = new ArrayList<>();
  private Pending pending;

  PartitionFindings(Partition partition) {
    this.partition = partition;
  }

  Partition partition() {
    return partition;
  }

  /** Returns what is left to the client, null if nothing is. */
  Pending pending() {
    return pending;
  }

  /** Adds a row of {@code bqx.verify}. */
  void add(String kind, String check, Instant time, String column, String found, String expected) {
    switch (kind) {
      case "fact" -> facts.put(check, found);
      case "pending" -> pending = new Pending(positions(found), expected);
      case "warning" -> warnings.add(finding(check, time, column, found, expected));
      default -> differences.add(finding(check, time, column, found, expected));
    }
  }

  /**
   * Does what is left to the client.
   *
   * @return false if the bars are not those any more that it was left for
   */
  boolean complete(ClientReference reference, boolean full) throws SQLException {
    if (!reference.digest().equals(pending.digest())) {
      return false;
    }
    facts.put(AGAINST_REFERENCE, Integer.toString(pending.positions().length));
    add("reference", reference.againstReference(pending.positions()));
    if (full) {
      add("every row", reference.everyRow());
      facts.put(COMPUTED_AGAIN, Long.toString(reference.rows()));
    }
    return true;
  }

  void clear() {
    facts.clear();
    warnings.clear();
    differences.clear();
    pending = null;
  }

  /** Returns what was found. */
  PartitionCheck check(String error) {
    return new PartitionCheck(partition, VerifyFacts.of(facts), warnings, differences, error);
  }

  private void add(String check, List<Difference> found) {
    for (Difference one : found) {
      differences.add(finding(check, one.time(), one.column(), one.found(), one.expected()));
    }
  }

  private Finding finding(
      String check, Instant time, String column, String found, String expected) {
    return new Finding(
        check,
        partition.family(),
        partition.pair(),
        partition.month(),
        time,
        column,
        found,
        expected);
  }

  /** Reads an array as SQL writes it, such as {1,2}. */
  private static int[] positions(String array) {
    return array.equals("{}")
        ? new int[0]
        : Arrays.stream(array.substring(1, array.length() - 1).split(","))
            .mapToInt(Integer::parseInt)
            .toArray();
  }
}
