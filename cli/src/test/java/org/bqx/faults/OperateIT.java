package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.bqx.cli.CommandLineRunner;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.cluster.PostgresCluster;
import org.bqx.testkit.DocsPage;
import org.bqx.testkit.DocsPage.Example;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/operate.md says of a dump without features, and of uninstalling, as it stands there.
 */
@Tag("slow")
@TestMethodOrder(OrderAnnotation.class)
class OperateIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.inOwnCluster(Map.of());

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final Path GUIDE = Path.of("../docs/operate.md");
  private static final String COPY = "copy_of_bars";

  @TempDir private Path folder;

  @BeforeAll
  static void compute() throws SQLException {
    assertThat(BQX.run("migrate").code()).isZero();
    try (SqlSession session = new SqlSession(DATABASE.connect())) {
      SmallMonths.insert(session, 2, 2, 700);
    }
    assertThat(BQX.run("backfill").code()).isZero();
  }

  @Test
  @Order(1)
  void featuresThatADumpLeavesOutAreComputedAgain() throws Exception {
    PostgresCluster cluster = DATABASE.assumeLocal();
    Path dump = folder.resolve("bars.dump");
    String command =
        DocsPage.read(GUIDE).examples("Back up and restore").stream()
            .map(Example::text)
            .filter(line -> line.contains("--exclude-table-data"))
            .findFirst()
            .orElseThrow()
            .replace("-d quant", "-d " + DATABASE.name())
            .replace("bars.dump", dump.toString());
    CopiesIT.shell(cluster, command);
    CopiesIT.client(cluster, "createdb", COPY);
    CopiesIT.client(cluster, "pg_restore", "--exit-on-error", "--dbname=" + COPY, dump.toString());

    Map<String, String> there = Map.of("PGDATABASE", COPY);
    String url = DATABASE.jdbcUrl().replace("/" + DATABASE.name() + "?", "/" + COPY + "?");
    try (SqlSession original = new SqlSession(DATABASE.connect());
        SqlSession copy = new SqlSession(DriverManager.getConnection(url))) {
      assertThat(SmallMonths.digests(copy)).isEmpty();
      Result computed = BQX.runWith(there, "backfill");
      assertThat(computed.out()).as(computed.err()).startsWith("8 of 8 partitions computed");
      assertThat(SmallMonths.digests(copy)).hasSize(8).isEqualTo(SmallMonths.digests(original));
    }
    CopiesIT.client(cluster, "dropdb", COPY);
  }

  @Test
  @Order(2)
  void uninstalledNothingOfItIsLeft() throws Exception {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      for (Example example : DocsPage.read(GUIDE).examples("Uninstall")) {
        sql.execute(
            example
                .text()
                .replace("DATABASE quant", "DATABASE " + DATABASE.name())
                .replace("EXTENSION sqljrt", "EXTENSION " + DATABASE.javaRuntime().extension()));
      }
      assertThat(
              sql.column(
                  """
                  SELECT nspname FROM pg_namespace WHERE nspname IN ('bqx', 'sqlj')
                  UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'bqx%'
                  UNION ALL SELECT lanname FROM pg_language WHERE lanname LIKE 'java%'
                  UNION ALL SELECT proname FROM pg_proc WHERE pronamespace >= 16384
                  UNION ALL SELECT unnest(s.setconfig) FROM pg_db_role_setting s
                      JOIN pg_database d ON d.oid = s.setdatabase AND d.datname = current_database()
                  """))
          .isEmpty();
    }
  }
}
