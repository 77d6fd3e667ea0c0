package org.bqx.benchmarks.database;

import java.io.IOException;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.bqx.benchmarks.report.FrontResult;
import org.bqx.benchmarks.report.Machine;
import org.bqx.benchmarks.report.Sample;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.ConnectionSettings;
import org.bqx.connection.Database;
import org.bqx.connection.Passwords;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.generate.BarGenerator;
import org.bqx.generate.BarGenerator.Range;
import org.bqx.migrations.Migrations;
import org.bqx.nodes.NodeAddress;
import org.bqx.nodes.NodeStore;
import org.bqx.partition.PartitionRange;
import org.bqx.run.Backfill;
import org.bqx.run.BackfillOutcome;
import org.bqx.run.BackfillRequest;
import org.bqx.run.RunSettings;
import org.bqx.verify.Verification;
import org.bqx.verify.VerifyOutcome;
import org.bqx.verify.VerifyRequest;

/** Measures a front with its nodes, each a private server, beside a single server. */
public final class FrontBench implements AutoCloseable {
  private static final long SEED = 1;
  private static final YearMonth FROM = YearMonth.of(2024, 7);

  private static final long SETTLING_MILLIS = 200;
  private static final String DATABASE = "bench";
  private static final String SECRET = "of bench";

  /**
   * Statistics are gathered between the measurements, on both sides: autovacuum would do it within.
   */
  private static final Map<String, String> SETTINGS =
      Map.of("shared_buffers", "256MB", "autovacuum", "off", "default_statistics_target", "10");

  /** What is measured, in the order of the report. */
  private enum What {
    IMPORT("import of a month of each pair"),
    BACKFILL("backfill"),
    VERIFY("verify"),
    AVERAGES("averages by pair, of all rows"),
    ONE_TIME("all pairs at one minute"),
    PAIR_MONTH("all columns of a pair's month");

    private final String text;

    What(String text) {
      this.text = text;
    }
  }

  private enum Clock {
    CPU,
    WALL
  }

  private record Key(What what, Side side, Clock clock) {}

  /** A database, and the servers that work for it. */
  private record Side(Database database, List<BenchServer> servers) {
    double cpuMilliseconds() {
      return servers.stream().mapToDouble(BenchServer::cpuMilliseconds).sum();
    }
  }

  private final List<BenchServer> servers = new ArrayList<>();
  private final Side alone;
  private final Side front;
  private final List<String> pairs;
  private final List<String> families;
  private final YearMonth to;
  private final int workers;

  /** How many months each has imported to be measured, after those that are computed. */
  private final Map<Side, Integer> imported = new LinkedHashMap<>();

  /** Starts the servers, and makes the bars that are computed. */
  public FrontBench(int pairCount, int monthCount, int nodeCount, int workers)
      throws SQLException, IOException, InterruptedException {
    this.workers = workers;
    to = FROM.plusMonths(monthCount - 1L);
    BenchServer single = server();
    Database database = single.createEmpty(DATABASE);
    Migrations.flyway(database.dataSource(), Map.of()).migrate();
    alone = new Side(database, List.of(single));
    try (Catalogue catalogue = new Catalogue(database)) {
      pairs = catalogue.pairs(List.of()).subList(0, pairCount);
      families = catalogue.families(List.of());
    }
    front = front(nodeCount);
    for (Side side : List.of(alone, front)) {
      generate(side, FROM, to);
      analyze(side);
    }
  }

  private BenchServer server() {
    BenchServer server = new BenchServer(SETTINGS);
    servers.add(server);
    return server;
  }

  private Side front(int nodeCount) throws SQLException, IOException {
    List<BenchServer> all = new ArrayList<>(List.of(server()));
    Database database = all.get(0).createEmpty(DATABASE);
    Migrations.flyway(database.dataSource(), Map.of("flyway.placeholders.engine", "nodes"))
        .migrate();
    try (NodeStore store = new NodeStore(database)) {
      for (int i = 0; i < nodeCount; i++) {
        BenchServer server = server();
        all.add(server);
        Database node = server.createEmpty(DATABASE);
        Migrations.flyway(node.dataSource(), Map.of()).migrate();
        NodeStore.letIn(node, NodeAddress.USUAL_USER, SECRET);
        ConnectionSettings at = node.settings();
        String name = "n" + (i + 1);
        store.add(
            new NodeAddress(
                name, at.host(), at.port(), at.database(), NodeAddress.USUAL_USER, Map.of()),
            SECRET);
        List<String> own = new ArrayList<>();
        for (int pair = i; pair < pairs.size(); pair += nodeCount) {
          own.add(pairs.get(pair));
        }
        if (!own.isEmpty()) {
          store.place(name, own);
        }
      }
    }
    Passwords passwords =
        Passwords.of(Map.of(), all.stream().map(BenchServer::address).toList(), warning -> {});
    return new Side(new Database(database.settings(), "bqx bench", passwords), all);
  }

  /** Describes the machine and the single server. */
  public Machine machine() throws SQLException, IOException {
    return servers.get(0).machine();
  }

  @Override
  public void close() {
    alone.database().close();
    front.database().close();
    servers.forEach(BenchServer::close);
  }

  /**
   * Measures.
   *
   * @param rounds how often
   * @param total is told how many measurements there will be
   * @param afterMeasurement is told of each
   */
  public List<FrontResult> run(int rounds, IntConsumer total, Runnable afterMeasurement)
      throws Exception {
    Rounds<Key> all = new Rounds<>();
    for (What what : What.values()) {
      for (Side side : List.of(alone, front)) {
        all.add(1, () -> measure(what, side));
      }
    }
    total.accept(all.size(rounds));
    Map<Key, Sample> samples = all.run(rounds, afterMeasurement);
    List<FrontResult> results = new ArrayList<>();
    for (What what : What.values()) {
      results.add(
          new FrontResult(
              what.text,
              samples.get(new Key(what, alone, Clock.CPU)),
              samples.get(new Key(what, front, Clock.CPU)),
              samples.get(new Key(what, alone, Clock.WALL)),
              samples.get(new Key(what, front, Clock.WALL))));
    }
    return results;
  }

  private Map<Key, Double> measure(What what, Side side) throws Exception {
    double before = side.cpuMilliseconds();
    double milliseconds = Rounds.milliseconds(() -> run(what, side));
    // A session's process ends a moment after its connection, and its parent knows its time then.
    Thread.sleep(SETTLING_MILLIS);
    double cpuMilliseconds = side.cpuMilliseconds() - before;
    if (what == What.IMPORT || what == What.BACKFILL) {
      analyze(side);
    }
    return Map.of(
        new Key(what, side, Clock.CPU),
        cpuMilliseconds,
        new Key(what, side, Clock.WALL),
        milliseconds);
  }

  private static void analyze(Side side) throws SQLException {
    for (BenchServer server : side.servers()) {
      try (Session session = new Session(server.database(DATABASE).connect())) {
        session.execute("ANALYZE");
      }
    }
  }

  private void run(What what, Side side) throws Exception {
    switch (what) {
      case IMPORT -> {
        YearMonth month = to.plusMonths(1L + imported.merge(side, 1, Integer::sum));
        generate(side, month, month);
      }
      case BACKFILL -> backfill(side);
      case VERIFY -> verify(side);
      case AVERAGES ->
          query(side, "SELECT pair, avg(w60_reg_r2), count(*) FROM bqx.reg GROUP BY pair");
      case ONE_TIME -> query(side, "SELECT * FROM bqx.reg WHERE ts_utc = '2024-07-10 12:00Z'");
      case PAIR_MONTH ->
          query(
              side,
              "SELECT * FROM bqx.reg WHERE pair = '%s' AND ts_utc >= '%s' AND ts_utc < '%s'"
                  .formatted(pairs.get(0), FROM.atDay(1), FROM.plusMonths(1).atDay(1)));
    }
  }

  private void generate(Side side, YearMonth from, YearMonth last)
      throws SQLException, IOException, InterruptedException {
    new BarGenerator(side.database(), workers, more -> {})
        .generate(SEED, pairs.stream().map(pair -> new Range(pair, from, last)).toList());
  }

  private void backfill(Side side) throws Exception {
    BackfillRequest request = new BackfillRequest(range(), workers, true);
    BackfillOutcome outcome =
        new Backfill(side.database(), request, RunSettings.DEFAULT, RangeBench.SILENT).run();
    require(
        outcome.done() == outcome.planned(),
        "%d of %d partitions were computed".formatted(outcome.done(), outcome.planned()));
  }

  private void verify(Side side) throws Exception {
    VerifyOutcome outcome =
        new Verification(
                side.database(),
                VerifyRequest.of(range(), workers),
                planned -> {},
                () -> {},
                message -> {})
            .run();
    require(outcome.uncheckedCount() == 0 && outcome.differenceCount() == 0, outcome.summary());
  }

  private PartitionRange range() {
    return new PartitionRange(families, pairs, FROM, to);
  }

  private static void query(Side side, String query) throws SQLException {
    try (Session session = new Session(side.database().connect())) {
      require(!session.rows(query).isEmpty(), "no rows from: " + query);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Failure(ExitCode.FAILED, otherwise, null);
    }
  }
}
