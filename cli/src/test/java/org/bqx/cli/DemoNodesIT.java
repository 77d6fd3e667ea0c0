package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.cluster.PostgresCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration of several servers, on private ones below a folder. */
@Tag("slow")
class DemoNodesIT {
  private static final String[] DEMO = {
    "demo", "--nodes", "2", "--pairs", "2", "--months", "1", "--families", "bqx"
  };

  @TempDir private Path home;

  @AfterEach
  void deleteServers() {
    for (String server : List.of(".bqx/nodes/n1", ".bqx/nodes/n2", ".bqx")) {
      PostgresCluster.at(home.resolve(server), Map.of()).delete();
    }
  }

  @Test
  void pairsAreSpreadOverPrivateServersThatComeBackTogether() {
    Result demo = run(DEMO);
    assertThat(demo.code()).as(demo.err()).isZero();
    assertThat(demo.err())
        .contains("node n1: 127.0.0.1:", "node n2: 127.0.0.1:")
        .contains("features of audcad, audchf: 2 of 2 partitions computed")
        .contains("check: 2 of 2 partitions verified, 0 differences");
    assertThat(run("node", "list").out())
        .containsPattern("n1 .* answers")
        .containsPattern("n2 .* answers");
    assertThat(run("plan", "--family", "bqx").out()).contains("2 partitions: 2 done;");

    Result again = run(DEMO);
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.err()).contains("everything was there already, nothing changed");

    assertThat(run("stop").code()).isZero();
    Result woken = run("plan", "--family", "bqx");
    assertThat(woken.code()).as(woken.err()).isZero();
    assertThat(woken.out()).contains("2 partitions: 2 done;");

    Result deleted = run("stop", "--delete", "--yes");
    assertThat(deleted.code()).as(deleted.err()).isZero();
    String data = deleted.err().replaceAll("(?s).*its data in (.*) deleted.*", "$1");
    assertThat(data.split(", ")).hasSize(3);
    assertThat(Stream.of(data.split(", ")).map(Path::of)).noneMatch(Files::exists);
    assertThat(home.resolve(".bqx/nodes")).doesNotExist();
  }

  /** What it is told to do next helps. */
  @Test
  void aServerThatComputesBecomesAFrontOnceItIsDeleted() {
    Result up = run("migrate");
    assertThat(up.code()).as(up.err()).isZero();
    String[] demo = {"demo", "--nodes", "1", "--pairs", "1", "--months", "1", "--families", "bqx"};
    Result refused = run(demo);
    assertThat(refused.code()).as(refused.err()).isEqualTo(1);
    assertThat(refused.err())
        .contains("it cannot become the front of 1 node")
        .contains("next: delete it with all its data, then the same again: ./bqx stop --delete");
    assertThat(run("stop", "--delete", "--yes").code()).isZero();
    Result made = run(demo);
    assertThat(made.code()).as(made.err()).isZero();
  }

  @Test
  void serversOfOthersAreLeftAlone() {
    String[] elsewhere = {"demo", "--nodes", "2", "-h", "db.example"};
    Result refused = run(elsewhere);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("--nodes", "it goes with no connection option");
  }

  private Result run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            arguments,
            Map.of("BQX_HOME", home.toString(), "HOME", home.toString()),
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
