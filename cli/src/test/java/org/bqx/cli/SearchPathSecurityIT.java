package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.bqx.testkit.Traps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a database whose schema public is full of {@link Traps}, and first in its path. */
class SearchPathSecurityIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  @TempDir private Path folder;

  @Test
  void noCommandReachesATrap() throws SQLException, IOException {
    Path bars =
        Files.writeString(
            folder.resolve("gbpusd.csv"),
            "2024-07-01T00:00:00Z,1.1,1.1,1.1,1.1\n2024-07-01T00:01:00Z,1.2,1.2,1.2,1.2\n");
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      Traps.lay(sql);
      sql.execute(
          "CREATE TABLE public.bars AS SELECT timestamptz '2024-07-02 10:00Z' AS time, 1.1 AS open, 1.1 AS high, 1.1 AS low, 1.1 AS close");
      sql.execute("ALTER DATABASE " + DATABASE.name() + " SET search_path = public, pg_catalog");
      for (List<String> command :
          List.of(
              List.of("migrate"),
              List.of("migrate", "--info"),
              List.of("generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07"),
              List.of("import", bars.toString()),
              List.of("import", bars.toString(), "--on-conflict", "replace"),
              List.of("import", "--from-table", "public.bars", "--pair", "usdjpy"),
              List.of("plan"),
              List.of("backfill", "--workers", "2"),
              List.of("status"),
              List.of("monitor", "--once"),
              List.of("stages"),
              List.of("verify", "--full"),
              List.of("doctor"))) {
        Result result = BQX.run(command.toArray(String[]::new));
        assertThat(result.err()).as("%s", command).doesNotContain(Traps.SPRUNG, "--debug", "bqx:");
        assertThat(Traps.sprung(sql)).as("%s", command).isZero();
      }
      assertThat(sql.column("SELECT DISTINCT state FROM bqx.progress")).containsExactly("done");
    }
  }
}
