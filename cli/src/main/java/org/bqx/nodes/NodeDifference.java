package org.bqx.nodes;

/**
 * Something of a node that is not as the front has it.
 *
 * @param node which node
 * @param check what was looked at
 * @param pair of which pair, null for none
 * @param found what is there
 * @param expected what should be
 */
public record NodeDifference(
    String node, String check, String pair, String found, String expected) {
  /** Returns what is wrong, without the node's name. */
  public String text() {
    return "%s%s: found %s, expected %s"
        .formatted(check, pair == null ? "" : " of " + pair, found, expected);
  }
}
