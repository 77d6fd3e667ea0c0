package org.bqx.verify;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bqx.run.Partition;

/**
 * What verification found of a partition.
 *
 * @param partition which one
 * @param facts figures by name, in the server's order: rows, unique times, index, NULLs, r²
 * @param warnings what is odd and may be right
 * @param differences what is wrong
 * @param error why the partition could not be checked, null when it was
 */
public record PartitionCheck(
    Partition partition,
    Map<String, String> facts,
    List<Finding> warnings,
    List<Finding> differences,
    String error) {
  /** Copies the collections. */
  public PartitionCheck {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    warnings = List.copyOf(warnings);
    differences = List.copyOf(differences);
  }
}
