package org.bqx.catalogue;

/**
 * A family as the catalogue has it, and how far it is.
 *
 * @param family its name
 * @param role feature, or target for what looks at bars after its own
 * @param enabled whether this database computes it
 * @param columns how many columns it has
 * @param lookback bars before a row that it reads
 * @param lookahead bars after a row that it reads
 * @param stage the schema stage that makes it
 * @param partitions partitions that can be computed, 0 when it is not computed
 * @param done those whose rows are current
 * @param withoutQuotes those that cannot, since no bar of theirs has bid and ask
 * @param bytes size on disk with indexes
 * @param description what it is
 */
public record FamilyFact(
    String family,
    String role,
    boolean enabled,
    int columns,
    int lookback,
    int lookahead,
    String stage,
    int partitions,
    int done,
    int withoutQuotes,
    long bytes,
    String description) {}
