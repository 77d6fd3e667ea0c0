package org.bqx.partition;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Function;
import org.bqx.nodes.NodeMap;

/**
 * Work on partitions that waits to be done, handed out to workers in its order.
 *
 * <p>On a front a worker stays with a node while that has work: each node that a session of the
 * front has called keeps a backend for it, and each backend starts a JVM. Workers begin at the node
 * that fewest are at, so that the nodes share the work. A single server is one node here.
 *
 * @param <W> a worker
 * @param <T> what is done at once: a partition, or several of one pair
 */
public final class WorkQueue<W, T> {
  private static final String NOWHERE = "";

  private final NodeMap nodes;
  private final Function<T, String> pair;
  private final Map<String, Queue<T>> byNode = new LinkedHashMap<>();
  private final Map<W, String> places = new HashMap<>();

  /**
   * Makes an empty queue.
   *
   * @param nodes those of a front, or of a single server
   * @param pair tells the pair that work is for
   */
  public WorkQueue(NodeMap nodes, Function<T, String> pair) {
    this.nodes = nodes;
    this.pair = pair;
  }

  /** Adds work behind what waits for its node. */
  public synchronized void add(T work) {
    byNode
        .computeIfAbsent(
            Objects.requireNonNullElse(nodes.of(pair.apply(work)), NOWHERE),
            node -> new ArrayDeque<>())
        .add(work);
  }

  /** Returns what a worker is to do next, null when nothing is left. */
  public synchronized T take(W worker) {
    Queue<T> own = byNode.get(places.get(worker));
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

  /** Returns how much waits. */
  public synchronized int size() {
    return byNode.values().stream().mapToInt(Queue::size).sum();
  }

  /** Forgets what waits. */
  public synchronized void clear() {
    byNode.clear();
  }
}
