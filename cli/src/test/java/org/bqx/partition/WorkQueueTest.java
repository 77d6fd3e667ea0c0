package org.bqx.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.YearMonth;
import java.util.Map;
import org.bqx.nodes.NodeMap;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
  private static final YearMonth JULY = YearMonth.of(2024, 7);

  @Test
  void oneServerHasOneOrder() {
    WorkQueue<String, Partition> queue = queue(Map.of(), "eurusd", "gbpusd", "eurgbp");
    assertThat(queue.size()).isEqualTo(3);
    assertThat(pair(queue, "first")).isEqualTo("eurusd");
    assertThat(pair(queue, "second")).isEqualTo("gbpusd");
    assertThat(pair(queue, "first")).isEqualTo("eurgbp");
    assertThat(queue.take("first")).isNull();
  }

  @Test
  void workersBeginAtDifferentNodesAndStayThere() {
    Map<String, String> nodes =
        Map.of("eurusd", "n1", "gbpusd", "n1", "eurgbp", "n2", "usdjpy", "n2");
    WorkQueue<String, Partition> queue = queue(nodes, "eurusd", "gbpusd", "eurgbp", "usdjpy");
    assertThat(pair(queue, "first")).isEqualTo("eurusd");
    assertThat(pair(queue, "second")).isEqualTo("eurgbp");
    assertThat(pair(queue, "second")).isEqualTo("usdjpy");
    assertThat(pair(queue, "second")).isEqualTo("gbpusd");
    assertThat(queue.take("first")).isNull();
  }

  @Test
  void whatIsOnNoNodeIsHandedOutToo() {
    WorkQueue<String, Partition> queue = queue(Map.of("eurusd", "n1"), "eurusd", "market");
    assertThat(pair(queue, "first")).isEqualTo("eurusd");
    assertThat(pair(queue, "first")).isEqualTo("market");
    queue.add(new Partition("bqx", "eurusd", JULY));
    queue.clear();
    assertThat(queue.take("first")).isNull();
  }

  private static WorkQueue<String, Partition> queue(Map<String, String> nodes, String... pairs) {
    WorkQueue<String, Partition> queue = new WorkQueue<>(new NodeMap(nodes), Partition::pair);
    for (String pair : pairs) {
      queue.add(new Partition("bqx", pair, JULY));
    }
    return queue;
  }

  private static String pair(WorkQueue<String, Partition> queue, String worker) {
    return queue.take(worker).pair();
  }
}
