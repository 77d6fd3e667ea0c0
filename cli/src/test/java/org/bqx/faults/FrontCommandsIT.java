package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.Driver;

/**
 * The command line on a front of three servers, beside one server that has the same bars: the same
 * answers and the same bits, whatever pair is where, and what a dead node leaves undone is said and
 * made good. Each test goes on from where the one before has left the servers.
 */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FrontCommandsIT {
  @RegisterExtension static final TestDatabase SINGLE = TestDatabase.create();
  @RegisterExtension static final TestDatabase FRONT = TestDatabase.inOwnCluster(Map.of());
  @RegisterExtension static final TestDatabase N1 = TestDatabase.inOwnCluster(Map.of());
  @RegisterExtension static final TestDatabase N2 = TestDatabase.inOwnCluster(Map.of());
  @RegisterExtension static final TestDatabase N3 = TestDatabase.inOwnCluster(Map.of());

  private static final CommandLineRunner ALONE = new CommandLineRunner(SINGLE);
  private static final CommandLineRunner BQX = new CommandLineRunner(FRONT);
  private static final CommandLineRunner ON_N1 = new CommandLineRunner(N1);

  private static final List<String> FAMILIES = List.of("bqx", "reg", "xpair", "ccy");
  private static final String SECRET = "a secret of fronts";
  private static final String MONTH = "2024-07";

  /** Which has the bars of each pair, or computes the market. */
  private static final Map<String, TestDatabase> HOMES =
      Map.of("eurusd", N1, "gbpusd", N2, "eurgbp", N3);

  @TempDir static Path folder;
  private static SqlSession front;
  private static SqlSession single;

  @BeforeAll
  static void aServerBecomesTheFirstNode() throws Exception {
    for (TestDatabase database : List.of(SINGLE, N1, N2, N3)) {
      assertThat(new CommandLineRunner(database).run("migrate").code()).isZero();
    }
    single = new SqlSession(SINGLE.connect());
    try (SqlSession first = new SqlSession(N1.connect())) {
      for (String family : FAMILIES) {
        single.execute("SELECT bqx.enable_family(?)", family);
        first.execute("SELECT bqx.enable_family(?)", family);
      }
    }
    done(ALONE.run(generate("eurusd,gbpusd,eurgbp")));
    done(ON_N1.run(generate("eurusd")));
    done(ON_N1.run("backfill", "--family", "bqx,reg"));

    done(BQX.run("migrate", "--front"));
    front = new SqlSession(FRONT.connect());
    writePasswords();
    done(add("n1", N1));
    done(add("n2", N2));
    done(add("n3", N3));
  }

  @AfterAll
  static void disconnect() throws SQLException {
    front.close();
    single.close();
  }

  @Order(1)
  @Test
  void whatTheFirstServerHasComputedIsDone() {
    Result plan = run("plan", "--family", "bqx,reg");
    assertThat(plan.code()).as(plan.err()).isZero();
    assertThat(plan.out()).contains("2 partitions: 2 done;");
    assertThat(run("backfill", "--family", "bqx,reg").out()).contains("nothing to compute");
    assertThat(run("migrate").err()).contains("the schema is up to date");
    assertThat(run("migrate", "--front", "--engine", "client").code()).isEqualTo(2);
  }

  /** Its families are enabled, and there are bars: what is left out is said. */
  @Order(2)
  @Test
  void aMarketOnNoNodeIsNotPassedOver() {
    assertThat(run("node", "list").err()).contains("on no node yet").contains(" market");
    assertThat(run("plan", "--family", "ccy").out()).contains("1 missing");
    Result backfill = run("backfill", "--family", "ccy");
    assertThat(backfill.code()).as(backfill.out()).isEqualTo(1);
    assertThat(backfill.err()).contains("pair market is on no node", "node place NODE market");
    assertThat(run("plan", "--family", "ccy").out()).contains("1 failed");
  }

  @Order(3)
  @Test
  void barsGoToTheNodeOfTheirPair() throws Exception {
    Result nowhere = run(generate("gbpusd"));
    assertThat(nowhere.code()).isEqualTo(1);
    assertThat(nowhere.err())
        .contains("pair gbpusd is on no node")
        .contains("./bqx node place NODE gbpusd");
    done(run("node", "place", "n2", "GBP/USD", "market"));
    done(run("node", "place", "n3", "eurgbp"));
    Result generated = done(run(generate("gbpusd,eurgbp")));
    assertThat(generated.out()).containsPattern("gbpusd 3\\d,\\d{3} read, 3\\d,\\d{3} inserted");
    for (String pair : HOMES.keySet()) {
      assertThat(barsAtHome(pair)).as(pair).isEqualTo(bars(single, pair));
      assertThat(bars(front, pair)).as(pair).isEqualTo(bars(single, pair));
    }
    assertThat(run("node", "list").out())
        .containsPattern("n2 +\\S+ +2 +1 +3\\d,\\d{3} ")
        .contains("answers");
    assertThat(run("node", "list", "--json").out())
        .startsWith("{\"schema\":1,\"nodes\":[{\"node\":\"n1\"")
        .contains("\"reachable\":true");
  }

  @Order(4)
  @Test
  void replacingABarChangesThatOneAlone() throws Exception {
    String before = barDigest("pair <> 'gbpusd' OR time <> '2024-07-03 12:00Z'");
    String price = single.text(price("gbpusd"));
    Path file =
        Files.writeString(
            folder.resolve("one.csv"),
            """
            time,open,high,low,close,volume
            2024-07-03T12:00Z,%1$s,%1$s,%1$s,%1$s,7
            """
                .formatted(price));
    Result conflict = run("import", file.toString(), "--pair", "gbpusd");
    assertThat(conflict.code()).isEqualTo(1);
    assertThat(conflict.err()).contains("already there with other values");
    String[] replace = {
      "import", file.toString(), "--pair", "gbpusd", "--on-conflict", "replace", "--max-jump", "9"
    };
    assertThat(done(run(replace)).out()).contains("1 replaced");
    done(ALONE.run(replace));
    assertThat(barDigest("pair <> 'gbpusd' OR time <> '2024-07-03 12:00Z'")).isEqualTo(before);
    assertThat(front.text(price("gbpusd"))).isEqualTo(single.text(price("gbpusd")));
  }

  /** Symbols of one file may be of several nodes. */
  @Order(5)
  @Test
  void aFileOfSeveralPairsIsSharedOut() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("symbols.csv"),
            """
            symbol,time,open,high,low,close,volume
            EURUSD,2024-08-01T00:00Z,1.08,1.08,1.08,1.08,1
            EURGBP,2024-08-01T00:00Z,0.84,0.84,0.84,0.84,1
            EURUSD,2024-08-01T00:01Z,1.09,1.09,1.09,1.09,1
            EURUSD,2024-08-01T00:02Z,1.09,1.09,1.09,1.09,1
            EURUSD,2024-08-01T02:02Z,1.09,1.09,1.09,1.09,1
            """);
    String[] load = {"import", file.toString(), "--format", "csv", "--max-jump", "9"};
    assertThat(done(run(load)).out()).contains("eurusd 4 read, 4 inserted", "eurgbp 1 read");
    done(ALONE.run(load));
    assertThat(barDigest("true")).isEqualTo(barDigest(single, "true"));
  }

  @Order(6)
  @Test
  void theBitsAreThoseOfASingleServer() throws Exception {
    done(ALONE.run("backfill"));
    Result backfill = done(run("backfill"));
    assertThat(backfill.out()).contains(" 0 failed, 0 held");
    for (String family : FAMILIES) {
      assertThat(digest(front, family)).as(family).isEqualTo(digest(single, family));
    }
    assertThat(run("plan").out()).contains("done;").doesNotContain("stale", "missing");
  }

  @Order(7)
  @Test
  void commandsAnswerAsOnOneServer() throws Exception {
    Result verify = done(run("verify", "--family", "bqx,reg"));
    assertThat(verify.err()).contains("0 differences");
    assertThat(done(run("status", "--json")).out()).contains("\"unreachable\":0");
    assertThat(done(run("status")).out()).contains("# done").doesNotContain("unreachable");
    assertThat(done(run("stages")).out()).contains("bars of 3 pairs");
    assertThat(done(run("families")).out()).contains("reg");
    Result doctor = run("doctor");
    assertThat(doctor.out())
        .contains("n1 at", "n2 at", "n3 at", "not needed: the nodes of this front compute");
    assertThat(doctor.code()).as(doctor.out()).isZero();
    Path page = folder.resolve("page.html");
    done(run("report", "--html", page.toString(), "--no-verify"));
    assertThat(page).content().contains("eurgbp");
    assertThat(done(run("gaps", "--json")).out()).startsWith("{\"schema\":1,");
    assertThat(run("node", "check").code()).isZero();
  }

  @Order(8)
  @Test
  void trainingSetsHaveTheBitsOfASingleServer() throws Exception {
    List<List<Path>> folders = new ArrayList<>();
    for (CommandLineRunner runner : List.of(ALONE, BQX)) {
      String name = runner == ALONE ? "alone" : "front";
      Path rows = folder.resolve(name + "-rows");
      Path matrix = folder.resolve(name + "-matrix");
      Map<String, String> known = Map.of("PGPASSFILE", passwords().toString());
      done(
          runner.runWith(
              known,
              "matrix",
              "define",
              "few",
              "--pairs=eurgbp",
              "--columns=bqx.w60_*",
              "--related=eurusd",
              "--related-columns=reg.w60_*",
              "--train-until=2024-07-20",
              "--validate-until=2024-07-25"));
      done(
          runner.runWith(
              known, "export", "few", "--format=csv", "--to=" + MONTH, "--out=" + matrix));
      done(
          runner.runWith(
              known,
              "export",
              "--family=xpair",
              "--pairs=eurgbp",
              "--format=csv",
              "--to=" + MONTH,
              "--out=" + rows));
      done(
          runner.runWith(
              known,
              "correlate",
              "--features=bqx.w60_bqx_mean_return",
              "--windows=60",
              "--pairs=eurusd",
              "--to=" + MONTH));
      folders.add(
          List.of(rows.resolve("eurgbp_2024_07.csv"), matrix.resolve("eurgbp_2024_07.csv")));
    }
    for (int i = 0; i < 2; i++) {
      assertThat(folders.get(1).get(i)).hasSameBinaryContentAs(folders.get(0).get(i));
    }
    String correlations =
        "SELECT md5(string_agg(md5(record_send(t)), '' ORDER BY md5(record_send(t)))) FROM bqx.target_corr t";
    assertThat(front.text(correlations)).isEqualTo(single.text(correlations)).isNotNull();
  }

  /** Imports go to the node, and the front wakes who follows there. */
  @Order(9)
  @Test
  void newBarsAreFollowed() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("new.csv"),
            """
            time,open,high,low,close,volume
            2024-08-01T00:01Z,0.84,0.84,0.84,0.84,1
            """);
    String[] load = {"import", file.toString(), "--pair", "eurgbp", "--max-jump", "9"};
    Path output = folder.resolve("followed");
    Process follower = BQX.start(output.toFile(), "backfill", "--follow", "--poll", "600");
    try {
      front.await(1, "SELECT count(*) FROM bqx.run_history WHERE outcome = 'running'");
      done(run(load));
      front.await(
          1, "SELECT count(*) FROM bqx.reg WHERE pair = 'eurgbp' AND ts_utc = '2024-08-01 00:01Z'");
      CommandLineRunner.interrupt(follower);
      assertThat(follower.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(follower.exitValue()).as(Files.readString(output)).isEqualTo(130);
    } finally {
      follower.destroyForcibly();
    }
    done(run("backfill"));
    done(ALONE.run(load));
    done(ALONE.run("backfill"));
    for (String family : FAMILIES) {
      assertThat(digest(front, family)).as(family).isEqualTo(digest(single, family));
    }
  }

  @Order(10)
  @Test
  void aMovedPairHasTheSameBitsAndLeavesNothing() throws Exception {
    String before = digest(front, "reg");
    assertThat(done(run("node", "move", "gbpusd", "n1")).err())
        .contains("./bqx backfill --pairs gbpusd");
    List<CompletableFuture<Result>> racers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      racers.add(CompletableFuture.supplyAsync(() -> run("backfill", "--workers", "2")));
    }
    for (CompletableFuture<Result> racer : racers) {
      done(racer.join());
    }
    assertThat(digest(front, "reg")).isEqualTo(before);
    assertThat(digest(front, "xpair")).isEqualTo(digest(single, "xpair"));
    try (SqlSession node = new SqlSession(N1.connect())) {
      assertThat(
              node.column(
                  "SELECT DISTINCT attempts FROM bqx.partition_state WHERE pair = 'gbpusd'"))
          .containsExactly("1");
    }
    try (SqlSession node = new SqlSession(N2.connect())) {
      assertThat(node.number("SELECT count(*) FROM bqx.m1 WHERE pair = 'gbpusd'")).isZero();
      assertThat(node.number("SELECT count(*) FROM bqx.partition_state WHERE pair = 'gbpusd'"))
          .isZero();
    }
    assertThat(run("node", "check").code()).isZero();
  }

  @Order(11)
  @Test
  void aDeadNodeIsWaitedForAndMadeGood() throws Exception {
    try (SqlSession reader = new SqlSession(N3.connect())) {
      // Who reads keeps the partition from being replaced until the node is gone.
      reader.connection().setAutoCommit(false);
      reader.execute("SELECT count(*) FROM bqx.reg_eurgbp_2024_07");
      CompletableFuture<Result> backfill =
          CompletableFuture.supplyAsync(
              () ->
                  run(
                      "backfill",
                      "--force",
                      "--family",
                      "bqx,reg",
                      "--wait",
                      "2",
                      "--lock-timeout",
                      "120"));
      try (SqlSession observer = new SqlSession(N3.connect())) {
        observer.await(
            1,
            "SELECT count(*) FROM pg_locks WHERE NOT granted"
                + " AND relation = 'bqx.reg_eurgbp_2024_07'::regclass");
      }
      // Who looks does not wait with it: sizes are what needs the lock.
      assertThat(done(run("status", "--json")).out())
          .contains("\"node\":\"n3\"", "\"silentNodes\":[\"n3\"]");
      assertThat(done(run("monitor", "--once")).out())
          .containsPattern("n3:\\d+")
          .contains("no sizes: node n3 did not answer in 2 s");
      assertThat(done(run("node", "list")).out()).containsPattern("n3 .* \\? +answers");
      done(run("families"));
      crash(N3);
      Result partly = backfill.join();
      assertThat(partly.code()).as(partly.err()).isEqualTo(1);
      assertThat(partly.err())
          .containsPattern("failed: \\d partitions? of node n3, which does not answer: ")
          .contains("./bqx backfill --retry");
      assertThat(partly.out()).contains(" 0 held");
    }
    try (SqlSession node = new SqlSession(N1.connect())) {
      assertThat(
              node.column(
                  "SELECT DISTINCT state FROM bqx.partition_state WHERE family IN ('bqx', 'reg')"))
          .containsExactly("done");
    }
    Result plan = run("plan");
    assertThat(plan.code()).as(plan.out() + plan.err()).isEqualTo(1);
    assertThat(plan.out()).contains("unreachable", "eurgbp", "node n3");
    Result verify = run("verify", "--family", "bqx", "--sample", "5");
    assertThat(verify.code()).as(verify.out() + verify.err()).isEqualTo(1);
    assertThat(verify.out()).containsPattern("bqx eurgbp 2024-07 .* not checked: node n3");
    assertThat(verify.out())
        .containsPattern("bqx eurusd 2024-07 .* ok")
        .contains("pair not looked at", "gaps not told");
    Result status = run("status");
    assertThat(status.code()).as(status.err()).isZero();
    assertThat(status.out()).contains("? unreachable");
    Result gaps = run("gaps");
    assertThat(gaps.code()).as(gaps.out() + gaps.err()).isEqualTo(1);
    assertThat(gaps.err()).contains("not looked at: eurgbp (node n3: ", "./bqx node list");
    assertThat(gaps.out())
        .containsPattern("eurusd +2024-08-01 00:03 to 2024-08-01 02:02 UTC +119 minutes +unknown")
        .containsPattern("eurusd +2024-07 to 2024-08 ")
        .doesNotContain("eurgbp", "open");
    for (String command : List.of("stages", "families")) {
      assertThat(done(run(command)).err())
          .contains("not counted: eurgbp (node n3: ", "; ./bqx node list");
    }
    Result sync =
        BQX.runWith(
            Map.of("AIRTABLE_BASE_ID", "app", "AIRTABLE_API_KEY", "key"),
            "stages",
            "--sync",
            "airtable",
            "--airtable-url=http://127.0.0.1:1");
    assertThat(sync.code()).isEqualTo(1);
    assertThat(sync.err()).contains("airtable is left as it is", "once all nodes answer");
    assertThat(run("report", "--markdown", "--no-verify").code()).isZero();
    Result list = run("node", "list");
    assertThat(list.code()).isEqualTo(1);
    assertThat(list.out()).contains("does not answer: ");
    Result doctor = run("doctor");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(doctor.out())
        .contains("n3 at", "does not answer", "./bqx node list")
        .containsPattern("unknown +gaps +gaps are not told while a node does not answer")
        .doesNotContain("no gap in the bars is open");
    Result move = run("node", "move", "eurgbp", "n1");
    assertThat(move.code()).as(move.err()).isEqualTo(4);
    assertThat(move.err()).contains("[08001]", "next: ./bqx node list");
    assertThat(run("node", "check").code()).isEqualTo(3);

    N3.assumeLocal().start();
    done(run("backfill", "--retry"));
    for (String family : FAMILIES) {
      assertThat(digest(front, family)).as(family).isEqualTo(digest(single, family));
    }
    assertThat(run("plan").code()).isZero();
  }

  /** All its partitions are checked, and the range as a whole is not. */
  @Order(12)
  @Test
  void aNodeThatDiesAtTheEndOfAVerificationIsSaid() throws Exception {
    String[] verify = {"verify", "--family", "bqx,reg", "--sample", "5"};
    Result late;
    try (SqlSession holder = new SqlSession(N3.connect())) {
      holder.connection().setAutoCommit(false);
      holder.execute("LOCK TABLE bqx.bar_gap IN SHARE MODE");
      CompletableFuture<Result> verification = CompletableFuture.supplyAsync(() -> run(verify));
      try (SqlSession observer = new SqlSession(N3.connect())) {
        observer.await(
            1,
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'bqx.bar_gap'::regclass");
      }
      front.await(1, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bqx verify'");
      crash(N3);
      late = verification.join();
    }
    Result early = run(verify);
    N3.assumeLocal().start();
    assertThat(late.code()).as(late.out() + late.err()).isEqualTo(1);
    assertThat(notChecked(late)).isEqualTo(notChecked(early)).hasSize(4);
    assertThat(late.out()).containsPattern("bqx eurusd 2024-07 .* ok");
    assertThat(late.err()).contains("6 of 10 partitions verified");
  }

  /** Returns what a verification says of partitions that were not checked, without their rows. */
  private static List<String> notChecked(Result verified) {
    return verified
        .out()
        .lines()
        .filter(line -> line.contains("not checked: node n3: "))
        .map(line -> line.replaceAll("2024-(0[78]).*not", "2024-$1 not"))
        .toList();
  }

  @Order(13)
  @Test
  void aPairThatIsNotPlacedThereIsFound() throws Exception {
    done(
        new CommandLineRunner(N2)
            .run("generate", "--pairs", "usdjpy", "--from", MONTH, "--to", MONTH));
    Result check = run("node", "check");
    assertThat(check.code()).isEqualTo(3);
    assertThat(check.out()).contains("node n2", "usdjpy");
    assertThat(run("node", "check", "--json").out()).startsWith("{\"schema\":1,\"differences\":[");
    Result used = run("node", "drop", "n1");
    assertThat(used.code()).isEqualTo(1);
    Result unknown = run("node", "change", "n9", "--node-port", "1");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(new CommandLineRunner(SINGLE).run("node", "list").err())
        .contains("is no front", "./bqx migrate --front");
  }

  @Order(14)
  @Test
  void whoReadsForLongGoesOnWhenABackendOfANodeIsKilled() throws Exception {
    String[] check = {"matrix", "check", "few", "--sample", "2"};
    String undisturbed = done(run(check)).out();
    assertThat(goesOnWithoutItsNode(check).out()).isEqualTo(undisturbed);
    Path before = folder.resolve("undisturbed");
    Path rows = folder.resolve("disturbed");
    done(run("export", "few", "--to=" + MONTH, "--out=" + before));
    goesOnWithoutItsNode("export", "few", "--to=" + MONTH, "--out=" + rows);
    assertThat(rows.resolve("manifest.json"))
        .hasSameTextualContentAs(before.resolve("manifest.json"));
  }

  private static Result goesOnWithoutItsNode(String... command) throws Exception {
    try (SqlSession holder = new SqlSession(N3.connect());
        SqlSession killer = new SqlSession(N3.connect())) {
      holder.connection().setAutoCommit(false);
      holder.execute("LOCK TABLE bqx.bqx_eurgbp_2024_07");
      CompletableFuture<Result> running = CompletableFuture.supplyAsync(() -> run(command));
      killer.await(
          1,
          "SELECT count(*) FROM pg_locks WHERE NOT granted"
              + " AND relation = 'bqx.bqx_eurgbp_2024_07'::regclass");
      assertThat(
              killer.number(
                  "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                      + " WHERE application_name LIKE 'bqx front%' AND datname = current_database()"))
          .isPositive();
      holder.connection().rollback();
      return done(running.get(60, TimeUnit.SECONDS));
    }
  }

  private static Result add(String name, TestDatabase node) throws SQLException {
    Properties url = Driver.parseURL(node.jdbcUrl(), null);
    return run(
        "node",
        "add",
        name,
        "--node-host",
        url.getProperty("PGHOST"),
        "--node-port",
        url.getProperty("PGPORT"),
        "--node-dbname",
        node.name());
  }

  /** The front's role logs in at each node, and so does who imports. */
  private static void writePasswords() throws IOException, SQLException {
    List<String> lines = new ArrayList<>();
    for (TestDatabase node : List.of(N1, N2, N3)) {
      Properties url = Driver.parseURL(node.jdbcUrl(), null);
      try (SqlSession session = new SqlSession(node.connect())) {
        session.execute("ALTER ROLE bqx_front LOGIN PASSWORD '%s'".formatted(SECRET));
      }
      String at = "%s:%s:%s:".formatted(url.getProperty("PGHOST"), url.getProperty("PGPORT"), "*");
      lines.add(at + "bqx_front:" + SECRET);
      lines.add(at + url.getProperty("user") + ":" + url.getProperty("password"));
    }
    Files.write(passwords(), lines);
    Files.setPosixFilePermissions(passwords(), PosixFilePermissions.fromString("rw-------"));
  }

  private static Path passwords() {
    return folder.resolve("pgpass");
  }

  private static Result run(String... arguments) {
    return BQX.runWith(Map.of("PGPASSFILE", passwords().toString()), arguments);
  }

  private static Result done(Result result) {
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    return result;
  }

  private static String[] generate(String pairs) {
    return new String[] {"generate", "--pairs", pairs, "--from", MONTH, "--to", MONTH};
  }

  /** As {@code immediate} does: no session is told, and the server recovers when it starts. */
  private static void crash(TestDatabase node) throws Exception {
    ProcessHandle server =
        ProcessHandle.of(node.assumeLocal().processId().orElseThrow()).orElseThrow();
    assertThat(new ProcessBuilder("sh", "-c", "kill -QUIT " + server.pid()).start().waitFor())
        .isZero();
    server.onExit().get(30, TimeUnit.SECONDS);
  }

  private static long barsAtHome(String pair) throws SQLException {
    try (SqlSession session = new SqlSession(HOMES.get(pair).connect())) {
      return bars(session, pair);
    }
  }

  private static long bars(SqlSession session, String pair) throws SQLException {
    return session.number("SELECT count(*) FROM bqx.m1 WHERE pair = ?", pair);
  }

  private static String price(String pair) {
    return "SELECT round((close * 1.01)::numeric, 5)::text FROM bqx.m1 WHERE pair = '"
        + pair
        + "' AND time = '2024-07-03 12:00Z'";
  }

  private static String barDigest(String condition) throws SQLException {
    return barDigest(front, condition);
  }

  private static String barDigest(SqlSession session, String condition) throws SQLException {
    return session.text(
        "SELECT md5(string_agg(md5(record_send(m)), '' ORDER BY pair, time)) FROM bqx.m1 m WHERE "
            + condition);
  }

  private static String digest(SqlSession session, String family) throws SQLException {
    return session.text(
        "SELECT md5(string_agg(md5(record_send(f)), '' ORDER BY pair, ts_utc)) FROM bqx.%s f"
            .formatted(family));
  }
}
