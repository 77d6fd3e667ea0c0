package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.DocsPage;
import org.bqx.testkit.DocsPage.Example;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * README.md from top to bottom on a server of one's own: each command as it stands there, by the
 * role that stands there. Then what a reader may do.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReadmeIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final Path README = Path.of("../README.md");
  private static final String OWN_SERVER = "On your own server and data";
  private static final String PSQL = "From psql";
  private static final String RUNNER = "bqx_runner";
  private static final String READER = "bqx_reader";
  private static final String ON_THE_SERVER = " -h db.example -U ";

  @TempDir private static Path folder;

  @Test
  @Order(1)
  void theCommandsOfAServerOfOnesOwn() throws Exception {
    DocsReader.writeBars(folder.resolve("eurusd.csv.gz"), "2024-07-01");
    DocsReader reader = new DocsReader(DATABASE, folder);
    List<Example> commands = DocsPage.read(README).examples(OWN_SERVER);
    assertThat(commands)
        .hasSizeGreaterThan(5)
        .allSatisfy(command -> assertThat(command.text()).contains(ON_THE_SERVER));
    for (Example command : commands) {
      reader.type(command);
      if (command.text().startsWith("./bqx migrate")) {
        DocsReader.makeRoles(DATABASE);
      }
    }
    assertThat(folder.resolve("report.html")).isNotEmptyFile();
  }

  @Test
  @Order(2)
  void theStatementsOfPsqlReturnWhatWasComputed() throws Exception {
    DocsReader reader = new DocsReader(DATABASE, folder);
    for (Example statement : DocsPage.read(README).examples(PSQL)) {
      String printed = reader.type(statement);
      // The bars are of another pair than one of the statements is.
      if (statement.text().endsWith("LIMIT 5;") && !statement.text().contains("usdjpy")) {
        assertThat(printed.lines()).hasSize(5).noneMatch(line -> line.endsWith("|"));
      }
    }
  }

  @Test
  @Order(3)
  void whoComputesAndWhoReadsGetAnAnswerFromEveryCommandThatLooks() {
    DocsReader reader = new DocsReader(DATABASE, folder);
    // The family that psql has enabled.
    assertThat(reader.as(RUNNER).run("backfill").code()).isZero();
    for (String role : List.of(RUNNER, READER)) {
      for (String command :
          List.of(
              "plan",
              "status",
              "monitor --once",
              "families",
              "gaps",
              "stages",
              "doctor",
              "verify",
              "report --html " + folder.resolve(role + ".html"),
              "report --markdown " + folder.resolve(role + ".md"))) {
        Result result = reader.as(role).run(command.split(" "));
        assertThat(result.code())
            .as(role + ": " + command + "\n" + result.out() + result.err())
            .isZero();
        // What a role may not see is unknown to the doctor, and no error.
        assertThat(command.equals("doctor") ? "" : result.out() + result.err())
            .as(role + ": " + command)
            .doesNotContain("permission denied");
      }
    }
  }

  /** The two commands at the top are demo and test. */
  @Test
  void nothingElseIsToBeTyped() throws Exception {
    assertThat(DocsPage.read(README).examples())
        .filteredOn(example -> !List.of(OWN_SERVER, PSQL).contains(example.heading()))
        .extracting(Example::text)
        .containsExactly("./bqx demo", "./bqx test");
  }

  @AfterAll
  static void dropRoles() throws Exception {
    DocsReader.dropRoles(DATABASE);
  }
}
