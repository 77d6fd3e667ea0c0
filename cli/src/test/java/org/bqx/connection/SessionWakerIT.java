package org.bqx.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;

/**
 * Which sessions are woken: seen in the server's log, as PL/Java is not where these tests run. That
 * waking helps was measured with it.
 */
class SessionWakerIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.inOwnCluster(Map.of());

  private final SessionWaker waker = new SessionWaker();

  @AfterEach
  void withoutPljava() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("SET allow_system_table_mods = on");
      sql.execute("DELETE FROM pg_extension WHERE extname = 'pljava'");
    }
  }

  @Test
  void aWaitingSessionIsWokenWhereThereIsPljava() throws Exception {
    pretendPljava();
    assertThat(wokenWhileItWaits("postgres")).isTrue();
    assertThat(waker.mayBeNeeded()).isTrue();
  }

  @Test
  void withoutPljavaNothingIsDone() throws Exception {
    assertThat(wokenWhileItWaits("postgres")).isFalse();
    assertThat(waker.mayBeNeeded()).isFalse();
  }

  @Test
  void aRoleThatMayNotWakeLeavesItBe() throws Exception {
    pretendPljava();
    assertThat(wokenWhileItWaits("pg_monitor")).isFalse();
  }

  private static void pretendPljava() throws SQLException {
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("SET allow_system_table_mods = on");
      sql.execute(
          "INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)"
              + " VALUES (99999, 'pljava', 10, 11, false, '1.6.9')");
    }
  }

  private boolean wokenWhileItWaits(String role) throws Exception {
    try (Connection waiting = DATABASE.connect();
        Connection another = DATABASE.connectAs(role)) {
      int pid = waiting.unwrap(PGConnection.class).getBackendPID();
      CompletableFuture<Boolean> slept =
          CompletableFuture.supplyAsync(
              () -> {
                try (Statement sleep = waiting.createStatement()) {
                  return sleep.execute("SELECT pg_sleep(2)");
                } catch (SQLException refused) {
                  throw new IllegalStateException(refused);
                }
              });
      TimeUnit.MILLISECONDS.sleep(500);
      waker.wake(another, List.of(pid));
      assertThat(slept.get(30, TimeUnit.SECONDS)).isTrue();
      return Files.readString(DATABASE.assumeLocal().log())
          .contains("logging memory contexts of PID " + pid);
    }
  }
}
