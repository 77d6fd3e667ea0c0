package org.bqx.cli;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bqx.connection.ConnectionSettings;
import org.bqx.connection.Database;
import org.bqx.migrations.Migrations;
import org.bqx.nodes.NodeAddress;
import org.bqx.nodes.NodeFact;
import org.bqx.nodes.NodeStore;

/** Private servers that are the nodes of a demonstration, beside the embedded one, their front. */
final class DemoNodes {
  private static final int PASSWORD_BYTES = 16;

  private final Bqx bqx;
  private final int count;

  DemoNodes(Bqx bqx, int count) {
    this.bqx = bqx;
    this.count = count;
  }

  /** Starts and adds those that are not there, and places pairs that are on none, in turn. */
  Database addTo(Database front) throws Exception {
    Map<String, NodeFact> known;
    try (NodeStore store = new NodeStore(front)) {
      known = store.list().stream().collect(Collectors.toMap(NodeFact::node, Function.identity()));
    }
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String name = "n" + i;
      names.add(name);
      ConnectionSettings settings = bqx.embedded().startNode(name);
      if (!known.containsKey(name)) {
        add(front, name, settings);
      } else if (known.get(name).port() != settings.port()) {
        move(front, name, settings.port());
      }
    }
    // Its passwords are those of the nodes that run by now.
    Database database = bqx.database("demo");
    try (NodeStore store = new NodeStore(database)) {
      place(store, names);
    }
    return database;
  }

  private void add(Database front, String name, ConnectionSettings settings) throws Exception {
    bqx.message("node %s: %s".formatted(name, settings));
    byte[] secret = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(secret);
    String password = HexFormat.of().formatHex(secret);
    try (Database node = new Database(settings, "bqx demo")) {
      Migrations.flyway(node.dataSource(), Map.of()).migrate();
      NodeStore.letIn(node, NodeAddress.USUAL_USER, password);
    }
    try (NodeStore store = new NodeStore(front)) {
      store.add(
          new NodeAddress(
              name,
              settings.host(),
              settings.port(),
              settings.database(),
              NodeAddress.USUAL_USER,
              Map.of()),
          password);
    }
  }

  /** Its old port was somebody else's when it started. */
  private static void move(Database front, String name, int port) throws Exception {
    try (NodeStore store = new NodeStore(front)) {
      NodeAddress known = store.address(name);
      store.change(
          new NodeAddress(
              name, known.host(), port, known.database(), known.user(), known.options()),
          null);
    }
  }

  private static void place(NodeStore store, List<String> names) {
    List<String> unplaced = store.unplaced();
    for (int i = 0; i < names.size(); i++) {
      List<String> own = new ArrayList<>();
      for (int pair = i; pair < unplaced.size(); pair += names.size()) {
        own.add(unplaced.get(pair));
      }
      if (!own.isEmpty()) {
        store.place(names.get(i), own);
      }
    }
  }
}
