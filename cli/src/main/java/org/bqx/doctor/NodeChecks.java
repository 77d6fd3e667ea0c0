package org.bqx.doctor;

import java.sql.SQLException;
import java.util.List;
import org.bqx.connection.Database;
import org.bqx.nodes.NodeDifference;
import org.bqx.nodes.NodeFact;
import org.bqx.nodes.NodeStore;
import org.bqx.terminal.Quantity;

/** The nodes of a front. */
final class NodeChecks {
  private final Database database;

  NodeChecks(Database database) {
    this.database = database;
  }

  /** Each node is to answer, and to be as the front has it. */
  void nodes(String name, List<Finding> findings) throws SQLException {
    List<NodeFact> all;
    List<NodeDifference> differences;
    try (NodeStore store = new NodeStore(database)) {
      all = store.list();
      differences = store.check();
    }
    if (all.isEmpty()) {
      findings.add(
          Finding.error(name, "this front has none", "./bqx node add NAME --node-host HOST"));
    }
    for (NodeFact node : all) {
      List<String> wrong =
          differences.stream()
              .filter(one -> one.node().equals(node.node()))
              .map(NodeDifference::text)
              .toList();
      if (!node.reachable()) {
        findings.add(
            Finding.error(
                name,
                "%s at %s:%d does not answer: %s [%s]"
                    .formatted(
                        node.node(),
                        node.host(),
                        node.port(),
                        node.reason().replaceAll("\\s+", " "),
                        node.sqlState()),
                "./bqx node list"));
      } else if (!wrong.isEmpty()) {
        findings.add(
            Finding.error(
                name,
                "%s is not as the front has it: %s".formatted(node.node(), Finding.some(wrong)),
                "./bqx node check"));
      } else {
        findings.add(
            Finding.ok(
                name,
                "%s at %s:%d has %s, functions, windows and baselines as the front has them"
                    .formatted(
                        node.node(), node.host(), node.port(), Quantity.of(node.pairs(), "pair"))));
      }
    }
  }
}
