package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.migrations.Migrations;
import org.bqx.migrations.PinnedDataSource;
import org.bqx.testkit.TestDatabase;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** At every stage of the schema, every command works or says which stage it needs. */
@Tag("slow")
class StagesIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  /** Before which stage a command has nothing to work on. */
  private static final Map<String, String> NEEDED =
      Map.ofEntries(
          Map.entry("export", "1.5.4.2"),
          Map.entry("families", "1.5.1"),
          Map.entry("gaps", "1.5.2.1"),
          Map.entry("matrix", "1.5.6"),
          Map.entry("generate", "1.5.2.1"),
          Map.entry("import", "1.5.2.1"),
          Map.entry("plan", "1.5.4.2"),
          Map.entry("backfill", "1.5.4.2"),
          Map.entry("correlate", "1.5.8"),
          Map.entry("verify", "1.5.4.2"),
          Map.entry("report", "1.5.4.2"),
          Map.entry("serve", "1.5.4.2"),
          Map.entry("status", "1.5.1"),
          Map.entry("monitor", "1.5.1"));

  /** Those that ask no database or a front, make a server, or pass everything on. */
  private static final Set<String> OTHERS =
      Set.of("up", "stop", "psql", "completion", "demo", "node", "self-check");

  @TempDir private Path folder;

  @Test
  void everyCommandWorksAtEveryStageOrNamesTheOneItNeeds() throws Exception {
    Path bars =
        Files.writeString(
            folder.resolve("bars.csv"),
            """
        time,open,high,low,close,volume
        2024-07-01T00:00Z,1.25,1.5,1,1.25,10
        """);
    String page = folder.resolve("page.html").toString();
    List<List<String>> commands =
        List.of(
            List.of("migrate", "--info"),
            List.of("generate", "--pairs=eurusd", "--from=2024-07", "--to=2024-07"),
            List.of("import", bars.toString(), "--pair=gbpusd"),
            List.of("plan"),
            List.of("backfill"),
            List.of("backfill", "--dry-run"),
            List.of("correlate", "--features=bqx.w60_bqx_return", "--windows=60"),
            List.of("correlate", "--dry-run"),
            List.of("correlate", "--pair-days"),
            List.of("monitor", "--once"),
            List.of("status", "--json"),
            List.of("families"),
            List.of("gaps"),
            List.of("matrix", "list"),
            List.of("stages"),
            List.of("doctor"),
            List.of(
                "export", "--family=bqx", "--pairs=eurusd", "--out=" + folder.resolve("export")),
            List.of("verify", "--pairs=eurusd"),
            List.of("report", "--html=" + page, "--markdown", "--pairs=eurusd"),
            List.of("report", "--no-verify", "--markdown", "--pair=eurusd"),
            List.of("serve"));
    assertThat(commandNames())
        .isEqualTo(
            union(OTHERS, new TreeSet<>(commands.stream().map(line -> line.get(0)).toList())));

    List<String> stages = new ArrayList<>();
    stages.add(null);
    stages.addAll(stages());
    assertThat(stages).hasSizeGreaterThan(7);
    for (String stage : stages) {
      if (stage != null) {
        assertThat(BQX.run("migrate", "--target", stage).code()).as(stage).isZero();
      }
      for (List<String> command : commands) {
        check(stage, command);
      }
      if ("1.5.4.2".equals(stage)) {
        Result later = BQX.run("plan", "--family=reg");
        assertThat(later.code()).isEqualTo(1);
        assertThat(later.err())
            .contains("family \"reg\" has no tables: the schema is at stage 1.5.4.2")
            .contains("stage 1.5.5.2 is needed");
      }
    }
    assertThat(BQX.run("stages").out())
        .contains("backfill bqx", "backfill reg")
        .contains("complete");
    assertThat(BQX.run("verify", "--pairs=eurusd", "--full").code()).isZero();
  }

  private static void check(String stage, List<String> command) {
    if (command.get(0).equals("serve") && stage != null && !isBefore(stage, NEEDED.get("serve"))) {
      return; // It does not end, and shows what report shows.
    }
    Result result = BQX.run(command.toArray(String[]::new));
    String all = result.out() + result.err();
    String name = command.get(0);
    assertThat(all).as("%s at %s", command, stage).doesNotContain("Exception", "\tat ", "    at ");
    String needed = NEEDED.get(name);
    if (needed != null && (stage == null || isBefore(stage, needed))) {
      assertThat(result.code()).as("%s at %s", command, stage).isEqualTo(1);
      assertThat(result.err())
          .as("%s at %s", command, stage)
          .containsPattern(
              stage == null
                  ? "the schema is not there, stage [0-9.]+ is needed"
                  : "the schema is at stage %s, stage %s is needed".formatted(stage, needed))
          .contains("next: ./bqx migrate");
    } else if (name.equals("doctor") && result.code() == 1) {
      assertThat(result.out()).as("%s at %s", command, stage).contains("next: ./bqx migrate");
    } else {
      assertThat(result.code()).as("%s at %s: %s", command, stage, all).isZero();
    }
  }

  private static boolean isBefore(String stage, String other) {
    List<String> all = stages();
    return all.indexOf(stage) < all.indexOf(other);
  }

  private static List<String> stages() {
    PinnedDataSource dataSource = new PinnedDataSource();
    dataSource.setURL(DATABASE.jdbcUrl());
    return Arrays.stream(Migrations.flyway(dataSource, Map.of()).info().all())
        .map(MigrationInfo::getVersion)
        .filter(Objects::nonNull)
        .map(Object::toString)
        .toList();
  }

  private static Set<String> commandNames() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    try (Bqx bqx = new Bqx(Map.of(), new ByteArrayInputStream(new byte[0]), nowhere, nowhere)) {
      return new TreeSet<>(Main.commandLine(bqx).getSubcommands().keySet());
    }
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new TreeSet<>(some);
    all.addAll(others);
    return all;
  }
}
