package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.cluster.PostgresCluster;
import org.bqx.connection.EmbeddedServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The private server: started, found again, and removed with all that it has made. */
class EmbeddedServerIT {
  @TempDir private Path home;
  private String messages;
  private String printed;

  @AfterEach
  void stop() {
    run("stop", "--delete", "--yes");
  }

  @Test
  void itsDataIsWhereUpSaysAndGoesWhenSomebodySaysSo() throws IOException {
    Path report = Files.createDirectory(home.resolve(".bqx")).resolve("report.html");
    Files.writeString(report, "a file of somebody else");

    assertThat(run("up")).isZero();
    Path data = Path.of(messages.strip().replaceAll("(?s).*its data is in ", ""));
    assertThat(data).isDirectory();
    assertThat(run("up")).isZero();
    assertThat(messages).contains("runs already, its data is in " + data);

    assertThat(run("stop", "--delete")).as("nobody to ask").isEqualTo(2);
    assertThat(messages).contains(data.toString(), "next: ./bqx stop --delete --yes");
    assertThat(data).isDirectory();
    assertThat(run("stop", "--yes")).isEqualTo(2);

    assertThat(run("stop", "--delete", "--yes")).isZero();
    assertThat(messages).contains("its data in " + data + " deleted");
    assertThat(data).doesNotExist();
    assertThat(report).exists();
    assertThat(run("stop", "--delete", "--yes")).isZero();
    assertThat(messages).contains("has no data, nothing was deleted");
  }

  @Test
  void itsNodesGoWithIt() {
    new EmbeddedServer(home).startNode("n1");
    PostgresCluster node = PostgresCluster.at(home.resolve(".bqx/nodes/n1"), Map.of());
    Path data = node.data();
    assertThat(node.processId()).isPresent();
    assertThat(run("stop", "--delete", "--yes")).isZero();
    assertThat(messages).contains("its data in %s deleted".formatted(data));
    assertThat(data).doesNotExist();
    assertThat(node.processId()).isEmpty();
    assertThat(home).isEmptyDirectory();
    assertThat(run("stop", "--delete", "--yes")).isZero();
    assertThat(messages).contains("has no data, nothing was deleted");
  }

  @Test
  void theInstallationChecksItself() throws IOException {
    assertThat(run("self-check")).as(messages).isZero();
    assertThat(printed).contains("works").doesNotContain("ANALYZE");
    Path folder = Path.of(messages.replaceAll("(?s).*making a server in (\\S+) .*", "$1"));
    assertThat(folder).doesNotExist();
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void whatIsInstalledSaysHowItIsCalled() {
    assertThat(run(Map.of("BQX_COMMAND", "bqx"), "frobnicate")).isEqualTo(2);
    assertThat(messages).contains("next: bqx --help").doesNotContain("./bqx");
  }

  private int run(String... arguments) {
    return run(Map.of(), arguments);
  }

  private int run(Map<String, String> variables, String... arguments) {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("BQX_HOME", home.toString());
    Result result = CommandLineRunner.run(environment, new byte[0], arguments);
    messages = result.err();
    printed = result.out();
    return result.code();
  }
}
