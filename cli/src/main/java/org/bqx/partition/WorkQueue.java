package org.bqx.partition;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import org.bqx.nodes.NodeMap;

/**
 * Partitions that wait to be computed or checked, handed out to workers in their order.
 *
 * <p>On a front a worker stays with a node while that has work: each node that a session of the
 * front has called keeps a backend for it, and each backend starts a JVM. Workers begin at the node
 * that fewest are at, so that the nodes share the work. A single server is one node here.
 *
 * @param <W> a worker
 */
public final class WorkQueue<W> {
  private static final String NOWHERE = "";

  private final NodeMap nodes;
  private final Map<String, Queue<Partition>> byNode = new LinkedHashMap<>();
  private final Map<W, String> places = new HashMap<>();

  /** Makes an empty queue for the nodes of a front, or for a single server. */
  public WorkQueue(NodeMap nodes) {
    this.nodes = nodes;
  }

  /** Adds a partition behind those that wait for its node. */
  public synchronized void add(Partition partition) {
    byNode
        .computeIfAbsent(
            Objects.requireNonNullElse(nodes.of(partition.pair()), NOWHERE),
            node -> new ArrayDeque<>())
        .add(partition);
  }

  /** Returns what a worker is to do next, null when nothing is left. */
  public synchronized Partition take(W worker) {
    Queue<Partition> own = byNode.get(places.get(worker));
    if (own == null || own.isEmpty()) {
      places.remove(worker);
      String next =
          byNode.keySet().stream()
              .filter(node -> !byNode.get(node).isEmpty())
              .min(Comparator.comparing(this::workersAt))
              .orElse(null);
      if (next == null) {
        return null;
      }
      places.put(worker, next);
      own = byNode.get(next);
    }
    return own.remove();
  }

  private long workersAt(String node) {
    return places.values().stream().filter(node::equals).count();
  }

  /** Returns how many wait. */
  public synchronized int size() {
    return byNode.values().stream().mapToInt(Queue::size).sum();
  }

  /** Forgets those that wait. */
  public synchronized void clear() {
    byNode.clear();
  }
}
