package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;

/** The live page in a browser: it asks for what is chosen, and for itself again. */
@Chromium.Required
class ServePageIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final Duration LIMIT = Duration.ofSeconds(120);

  @TempDir private static Path folder;

  private static SqlSession sql;
  private static Chromium chromium;
  private static Process process;
  private static String address;

  @BeforeAll
  static void serve() throws Exception {
    sql = new SqlSession(DATABASE.connect());
    assertThat(BQX.run("migrate").code()).isZero();
    assertThat(
            BQX.run("generate", "--pairs", "eurusd,usdjpy", "--from", "2024-07", "--to", "2024-08")
                .code())
        .isZero();
    assertThat(BQX.run("backfill", "--family", "bqx").code()).isZero();
    process = BQX.start(folder.resolve("served").toFile(), "serve", "--family", "bqx");
    address = ServeIT.firstLine(process, folder.resolve("served"));
    chromium = new Chromium(folder.resolve("profile"));
    chromium.look(1400, false);
  }

  @AfterAll
  static void end() throws SQLException, InterruptedException {
    if (chromium != null) {
      chromium.close();
    }
    process.destroyForcibly();
    process.waitFor();
    sql.close();
  }

  @Test
  void itDrawsWhatIsChosenAndSeesWhatChanges() throws Exception {
    chromium.console();
    chromium.requests();
    chromium.driver().get(address);
    await(() -> !all("#looks .line path.trace").isEmpty());
    first("#looks option[value='usdjpy']").click();
    first("#looks option[value='2024-07']").click();
    first("#looks option[value='w60_bqx_range']").click();
    String values =
        String.format("%,d", sql.number("SELECT count(w60_bqx_range) FROM bqx.bqx_usdjpy_2024_07"));
    await(() -> first("#looks .line dd").getText().equals(values));
    await(() -> all("#looks .drift rect.bar").size() == 1);
    Files.write(
        Files.createDirectories(Path.of("target", "screenshots")).resolve("serve-1400-light.png"),
        chromium.picture());

    // A month that is computed again is drawn again.
    sql.execute(
        "UPDATE bqx.bqx_usdjpy_2024_07 SET w60_bqx_range = NULL WHERE ts_utc < '2024-07-10 00:00Z'");
    sql.execute(
        "UPDATE bqx.partition_state SET finished_at = finished_at + interval '1 hour'"
            + " WHERE pair = 'usdjpy' AND month = '2024-07-01'");
    String fewer =
        String.format("%,d", sql.number("SELECT count(w60_bqx_range) FROM bqx.bqx_usdjpy_2024_07"));
    assertThat(fewer).isNotEqualTo(values);
    askAgainUntil(() -> first("#looks .line dd").getText().equals(fewer));

    assertThat(all("#attention + ul .badge")).isEmpty();
    sql.execute(
        "UPDATE bqx.partition_state SET state = 'failed', sqlstate = 'XX000', error = 'torn <b>page'"
            + " WHERE pair = 'usdjpy' AND month = '2024-08-01'");
    askAgainUntil(() -> !all("#attention + ul .badge").isEmpty());
    assertThat(first("#attention + ul .group").getText())
        .contains("failed", "bqx usdjpy 2024-08", "torn <b>page");
    assertThat(first("#map button[aria-label^='usdjpy 2024-08:']").getAccessibleName())
        .contains("failed");

    assertThat(chromium.console()).isEmpty();
    assertThat(chromium.requests())
        .isNotEmpty()
        .allMatch(url -> url.startsWith(address) || url.startsWith("data:"));

    process.destroyForcibly();
    process.waitFor();
    first("#live").click();
    first("#live").click();
    await(() -> first("#alive").getText().startsWith("No answer at "));
  }

  private static void askAgainUntil(Condition condition) throws Exception {
    await(
        () -> {
          first("#live").click();
          first("#live").click();
          return condition.holds();
        });
  }

  /** Something that becomes true. */
  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!holds(condition)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(300);
    }
  }

  private static boolean holds(Condition condition) throws Exception {
    try {
      return condition.holds();
    } catch (StaleElementReferenceException renewed) {
      return false;
    }
  }

  private static WebElement first(String selector) {
    return chromium.driver().findElement(By.cssSelector(selector));
  }

  private static List<WebElement> all(String selector) {
    return chromium.driver().findElements(By.cssSelector(selector));
  }
}
