package org.bqx.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.bqx.cli.CommandLineRunner;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Functions in Java that go wrong under sqljrt: an SQL error for the session that called, and
 * nothing at all for another session, in the middle of a transaction and with a JVM of its own.
 */
class JavaFaultsIT {
  @RegisterExtension
  static final TestDatabase DATABASE =
      TestDatabase.inOwnCluster(Map.of("synchronous_commit", "on"));

  private static final long LIMIT_SECONDS = 60;

  private static final String FAULTS =
      """
      package faults;

      public final class Faults {
        public static int exception() {
          throw new IllegalStateException("as it happens");
        }

        public static int recursion() {
          return recursion() + 1;
        }

        public static int memory() {
          java.util.List<long[]> all = new java.util.ArrayList<>();
          for (;;) {
            all.add(new long[1 << 20]);
          }
        }

        public static int exit() {
          System.exit(3);
          return 0;
        }

        public static int halt() {
          Runtime.getRuntime().halt(3);
          return 0;
        }

        public static int loop() {
          for (long i = 1; ; i++) {
            if (i == 0) {
              return 0;
            }
          }
        }

        public static int crash() throws Exception {
          var field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
          field.setAccessible(true);
          ((sun.misc.Unsafe) field.get(null)).putAddress(0, 0);
          return 0;
        }
      }
      """;

  @TempDir private static Path folder;

  private SqlSession victim;
  private SqlSession other;
  private int otherPid;

  @BeforeAll
  static void installFaults() throws SQLException, IOException {
    assumeTrue(DATABASE.javaRuntime().isSqljrt(), "the server's Java is not sqljrt");
    assertThat(new CommandLineRunner(DATABASE).run("migrate").code()).isZero();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      SmallMonths.insert(sql, 1, 1, 700);
      sql.execute("SELECT sqlj.install_jar(?, 'faults', false)", (Object) jar());
      sql.execute("SELECT sqlj.set_classpath('public', 'faults')");
      for (String fault :
          new String[] {"exception", "recursion", "memory", "exit", "halt", "loop", "crash"}) {
        sql.execute(
            "CREATE FUNCTION public.java_%1$s() RETURNS int LANGUAGE java AS 'faults.Faults.%1$s'"
                .formatted(fault));
      }
    }
  }

  @BeforeEach
  void begin() throws SQLException {
    victim = new SqlSession(DATABASE.connect());
    other = new SqlSession(DATABASE.connect());
    otherPid = (int) other.number("SELECT pg_backend_pid()");
    other.execute("BEGIN");
    other.execute("SELECT bqx.backfill('reg', 'audcad', '2024-07-01', true)");
  }

  @AfterEach
  void disconnect() throws SQLException {
    victim.close();
    other.close();
  }

  @ParameterizedTest
  @CsvSource({
    "exception, 38000, as it happens",
    "recursion, 54001, StackOverflowError",
    "memory,    53200, OutOfMemoryError",
    "exit,      38000, a function must not end the server process",
    "halt,      38000, a function must not end the server process",
    "loop,      57014, statement timeout",
  })
  void aFaultIsAnErrorOfItsOwnSessionAlone(String fault, String sqlState, String message)
      throws SQLException {
    int pid = (int) victim.number("SELECT pg_backend_pid()");
    if (fault.equals("loop")) {
      victim.execute("SET statement_timeout = '1s'");
    }
    SQLException error =
        catchThrowableOfType(
            SQLException.class, () -> victim.execute("SELECT public.java_%s()".formatted(fault)));
    assertThat(error.getSQLState()).isEqualTo(sqlState);
    assertThat(error.getMessage()).contains(message);

    // The session that called goes on, with Java.
    victim.execute("RESET statement_timeout");
    assertThat(victim.number("SELECT pg_backend_pid()")).isEqualTo(pid);
    assertThat(victim.text("SELECT bqx.functions_version('bqx')")).isNotEmpty();
    // The other one is where it was, in its transaction.
    assertThat(other.number("SELECT pg_backend_pid()")).isEqualTo(otherPid);
    assertThat(other.number("SELECT count(*) FROM bqx.reg_audcad")).isEqualTo(700);
    assertThat(other.number("SELECT bqx.backfill('bqx', 'audcad', '2024-07-01', true)"))
        .isEqualTo(700);
    other.execute("ROLLBACK");
  }

  /** Java that writes where it must not is like C that does: the server restarts its sessions. */
  @Test
  void aCrashOfTheVirtualMachineIsOneOfTheServer() throws Exception {
    other.execute("COMMIT");
    Map<String, String> before = SmallMonths.digests(other);
    assertThat(before).hasSize(1);
    SQLException lost =
        catchThrowableOfType(
            SQLException.class, () -> victim.execute("SELECT public.java_crash()"));
    assertThat(lost.getSQLState()).startsWith("08");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    SQLException restarted;
    do {
      // The postmaster may not have heard of it yet.
      restarted = catchThrowableOfType(SQLException.class, () -> other.execute("SELECT 1"));
      assertThat(System.nanoTime()).as("the other session goes on").isLessThan(deadline);
    } while (restarted == null);
    assertThat(restarted.getSQLState()).isIn("57P02", "08006");
    while (true) {
      try (SqlSession sql = new SqlSession(DATABASE.connect())) {
        assertThat(SmallMonths.digests(sql)).isEqualTo(before);
        assertThat(sql.number("SELECT bqx.backfill('reg', 'audcad', '2024-07-01', true)"))
            .isEqualTo(700);
        assertThat(SmallMonths.digests(sql)).isEqualTo(before);
        break;
      } catch (SQLException recovering) {
        assertThat(System.nanoTime()).as(recovering.getMessage()).isLessThan(deadline);
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  private static byte[] jar() throws IOException {
    Path source = Files.writeString(folder.resolve("Faults.java"), FAULTS);
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                new ByteArrayOutputStream(),
                "-nowarn",
                "-d",
                folder.toString(),
                source.toString());
    assertThat(result).isZero();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes)) {
      jar.putNextEntry(new ZipEntry("faults/Faults.class"));
      jar.write(Files.readAllBytes(folder.resolve("faults/Faults.class")));
      jar.closeEntry();
    }
    return bytes.toByteArray();
  }
}
