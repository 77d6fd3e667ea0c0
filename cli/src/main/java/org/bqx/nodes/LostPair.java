package org.bqx.nodes;

/**
 * A pair whose bars cannot be looked at.
 *
 * @param pair which pair
 * @param node where it lives
 * @param reason why that node does not answer
 */
public record LostPair(String pair, String node, String reason) {}
