package org.bqx.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bqx.failure.ExitCode;
import org.bqx.nodes.NodeAddress;
import org.bqx.nodes.NodeDifference;
import org.bqx.nodes.NodeFact;
import org.bqx.nodes.NodeStore;
import org.bqx.terminal.Quantity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "node",
    description = {
      "Add, list, check and drop the servers behind a front.",
      "Say which pairs live where, and move pairs from one to another. See docs/scale.md."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      NodeCommand.Add.class,
      NodeCommand.ListAll.class,
      NodeCommand.Place.class,
      NodeCommand.Move.class,
      NodeCommand.Check.class,
      NodeCommand.Change.class,
      NodeCommand.Drop.class
    })
final class NodeCommand implements Runnable {
  private static final String NAME = "node";

  @ParentCommand private Bqx bqx;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command of node given");
  }

  private NodeStore store() {
    return new NodeStore(bqx.database(NAME));
  }

  /** Says which pairs nobody can import yet. */
  private void sayUnplaced(NodeStore store, String node) {
    List<String> unplaced = store.unplaced();
    if (!unplaced.isEmpty()) {
      bqx.message(
          "%s on no node yet; %s"
              .formatted(
                  Quantity.of(unplaced.size(), "pair"),
                  bqx.next("./bqx node place %s %s".formatted(node, String.join(" ", unplaced)))));
    }
  }

  @Command(
      name = "add",
      description = {
        "Add a node: a bqx database that ./bqx migrate has made. Its host is as the front's server",
        "knows it. The password of its user is taken from ~/.pgpass, or asked for."
      })
  static final class Add implements Callable<Integer> {
    @ParentCommand private NodeCommand node;

    @Parameters(paramLabel = "NAME", description = "lower-case letters, digits and _")
    private String name;

    @Option(
        names = "--node-host",
        paramLabel = "HOST",
        required = true,
        description = "the node's server")
    private String host;

    @Option(
        names = "--node-port",
        paramLabel = "PORT",
        description = "its port (default: ${DEFAULT-VALUE})")
    private int port = 5432;

    @Option(
        names = "--node-dbname",
        paramLabel = "DB",
        description = "its database (default: ${DEFAULT-VALUE})")
    private String database = "bqx";

    @Option(
        names = "--node-user",
        paramLabel = "USER",
        description = "the role that the front has there (default: ${DEFAULT-VALUE})")
    private String user = NodeAddress.USUAL_USER;

    @Option(
        names = "--sslmode",
        paramLabel = "MODE",
        description = "as of libpq: require, verify-ca, verify-full and so on")
    private String sslMode;

    @Option(
        names = "--sslrootcert",
        paramLabel = "FILE",
        description = "certificate of the authority, a file on the front's server")
    private String sslRootCert;

    @Override
    public Integer call() throws Exception {
      Map<String, String> options = new LinkedHashMap<>();
      if (sslMode != null) {
        options.put("sslmode", sslMode);
      }
      if (sslRootCert != null) {
        options.put("sslrootcert", sslRootCert);
      }
      Bqx bqx = node.bqx;
      try (NodeStore store = node.store()) {
        NodeAddress address = new NodeAddress(name, host, port, database, user, options);
        store.add(address, bqx.nodePassword(host, port, database, user));
        int pairs =
            store.list().stream()
                .filter(fact -> fact.node().equals(name))
                .mapToInt(NodeFact::pairs)
                .sum();
        bqx.message("node %s added, %s live there".formatted(name, Quantity.of(pairs, "pair")));
        node.sayUnplaced(store, name);
      }
      return ExitCode.DONE.code();
    }
  }

  @Command(
      name = "list",
      description = "List the nodes: pairs, bars, rows, size, and which of them do not answer.")
  static final class ListAll implements Callable<Integer> {
    @ParentCommand private NodeCommand node;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Override
    public Integer call() throws Exception {
      Bqx bqx = node.bqx;
      List<NodeFact> all;
      try (NodeStore store = node.store()) {
        all = store.list();
        if (json) {
          bqx.printJson("nodes", all);
        } else {
          print(bqx, all);
          if (!all.isEmpty()) {
            node.sayUnplaced(store, all.get(0).node());
          }
        }
      }
      return (all.stream().allMatch(NodeFact::reachable) ? ExitCode.DONE : ExitCode.FAILED).code();
    }

    private static void print(Bqx bqx, List<NodeFact> all) {
      if (all.isEmpty()) {
        bqx.message(bqx.next("no node yet; ./bqx node add NAME --node-host HOST"));
        return;
      }
      String format = "%-12s %-28s %5s %6s %12s %13s %8s  %s";
      bqx.print(format.formatted("node", "server", "pairs", "months", "bars", "rows", "disk", ""));
      for (NodeFact one : all) {
        bqx.print(
            format
                .formatted(
                    one.node(),
                    "%s:%d/%s".formatted(one.host(), one.port(), one.database()),
                    one.pairs(),
                    count(one.months()),
                    count(one.bars()),
                    count(one.rows()),
                    one.bytes() == null ? "?" : Quantity.bytes(one.bytes()),
                    one.reachable()
                        ? "answers"
                        : "does not answer: %s [%s]".formatted(one.reason(), one.sqlState()))
                .stripTrailing());
      }
    }

    private static String count(Long number) {
      return number == null ? "?" : String.format(Locale.ROOT, "%,d", number);
    }
  }

  @Command(
      name = "place",
      description = {
        "Say that pairs which are on no node yet live on this one: what is imported or generated of",
        "them goes there. The market, of which families of all pairs are computed, is placed too."
      })
  static final class Place implements Callable<Integer> {
    @ParentCommand private NodeCommand node;

    @Parameters(index = "0", paramLabel = "NODE", description = "where they are to live")
    private String name;

    @Parameters(
        index = "1..*",
        arity = "1..*",
        paramLabel = "PAIR",
        description = "in any case, or market; all: those that are on no node")
    private List<String> pairs;

    @Override
    public Integer call() throws Exception {
      try (NodeStore store = node.store()) {
        List<String> named = Names.normalize(pairs);
        List<String> placed = named.isEmpty() ? store.unplaced() : named;
        store.place(name, placed);
        node.bqx.message("%s on node %s".formatted(Quantity.of(placed.size(), "pair"), name));
      }
      return ExitCode.DONE.code();
    }
  }

  @Command(
      name = "move",
      description = {
        "Move a pair to another node: bars and baseline go there, its features are computed again by",
        "the next backfill, to the same bits."
      })
  static final class Move implements Callable<Integer> {
    @ParentCommand private NodeCommand node;

    @Parameters(index = "0", paramLabel = "PAIR", description = "in any case")
    private String pair;

    @Parameters(index = "1", paramLabel = "NODE", description = "where it is to live")
    private String name;

    @Override
    public Integer call() throws Exception {
      String normalized = Names.ofOne(pair);
      Bqx bqx = node.bqx;
      try (NodeStore store = node.store()) {
        store.move(normalized, name);
      }
      bqx.message(
          "%s lives on node %s; next: %s"
              .formatted(normalized, name, bqx.next("./bqx backfill --pairs " + normalized)));
      return ExitCode.DONE.code();
    }
  }

  @Command(
      name = "check",
      description = {
        "Check that the nodes are as the front has them: answering, of the same stage, functions,",
        "families, windows and baselines, and with no pair that lives elsewhere. Exit code 3 if not."
      })
  static final class Check implements Callable<Integer> {
    @ParentCommand private NodeCommand node;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Override
    public Integer call() throws Exception {
      Bqx bqx = node.bqx;
      List<NodeDifference> differences;
      try (NodeStore store = node.store()) {
        differences = store.check();
      }
      if (json) {
        bqx.printJson("differences", differences);
      } else {
        differences.forEach(one -> bqx.print("node %s: %s".formatted(one.node(), one.text())));
        if (differences.isEmpty()) {
          bqx.message("all nodes are as the front has them");
        }
      }
      return (differences.isEmpty() ? ExitCode.DONE : ExitCode.DIFFERENT).code();
    }
  }

  @Command(
      name = "change",
      description = {
        "Say that a node has moved to another address, or that its role has another password, which",
        "is taken from ~/.pgpass, or asked for. What is not given stays."
      })
  static final class Change implements Callable<Integer> {
    @ParentCommand private NodeCommand node;

    @Parameters(paramLabel = "NODE", description = "which one")
    private String name;

    @Option(names = "--node-host", paramLabel = "HOST", description = "the node's server")
    private String host;

    @Option(names = "--node-port", paramLabel = "PORT", description = "its port")
    private Integer port;

    @Option(names = "--node-dbname", paramLabel = "DB", description = "its database")
    private String database;

    @Option(
        names = "--node-user",
        paramLabel = "USER",
        description = "the role that the front has there")
    private String user;

    @Override
    public Integer call() throws Exception {
      Bqx bqx = node.bqx;
      try (NodeStore store = node.store()) {
        NodeAddress known = store.address(name);
        NodeAddress changed =
            new NodeAddress(
                name,
                host == null ? known.host() : host,
                port == null ? known.port() : port,
                database == null ? known.database() : database,
                user == null ? known.user() : user,
                known.options());
        store.change(
            changed,
            bqx.nodePassword(changed.host(), changed.port(), changed.database(), changed.user()));
      }
      bqx.message("node %s changed".formatted(name));
      return ExitCode.DONE.code();
    }
  }

  @Command(name = "drop", description = "Forget a node that no pair is placed on.")
  static final class Drop implements Callable<Integer> {
    @ParentCommand private NodeCommand node;

    @Parameters(paramLabel = "NODE", description = "which one")
    private String name;

    @Override
    public Integer call() throws Exception {
      try (NodeStore store = node.store()) {
        store.drop(name);
      }
      node.bqx.message("node %s is none of this front's any more".formatted(name));
      return ExitCode.DONE.code();
    }
  }
}
