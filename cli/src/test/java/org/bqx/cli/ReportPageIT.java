package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The report's page in a browser: what it draws, what it shows of a cell, and what it asks for. */
@Chromium.Required
class ReportPageIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);
  private static final String HOSTILE =
      "</script><script>document.title = 'owned'</script><img src=\"http://127.0.0.1:9/\" onerror=\"document.title='owned'\">";

  @TempDir private static Path folder;

  private static SqlSession sql;
  private static Chromium chromium;
  private static Path page;

  @BeforeAll
  static void writePage() throws SQLException {
    sql = new SqlSession(DATABASE.connect());
    assertThat(BQX.run("migrate").code()).isZero();
    assertThat(
            BQX.run(
                    "generate",
                    "--pairs",
                    "audcad,eurusd,usdjpy",
                    "--from",
                    "2024-07",
                    "--to",
                    "2024-08")
                .code())
        .isZero();
    assertThat(BQX.run("backfill", "--pairs", "audcad,eurusd").code()).isZero();
    sql.execute(
        "UPDATE bqx.reg SET w60_reg_endpoint = 5 WHERE pair = 'eurusd' AND ts_utc = '2024-07-03 12:00Z'");
    sql.execute(
        "UPDATE bqx.partition_state SET state = 'failed', sqlstate = 'XX000', error = ?"
            + " WHERE family = 'bqx' AND pair = 'audcad' AND month = '2024-08-01'",
        HOSTILE);
    page = folder.resolve("report.html");
    assertThat(BQX.run("report", "--html", page.toString(), "--pair", "eurusd").code())
        .isEqualTo(3);
    chromium = new Chromium(folder.resolve("profile"));
  }

  @AfterAll
  static void quit() throws SQLException {
    if (chromium != null) {
      chromium.close();
    }
    sql.close();
  }

  @BeforeEach
  void open() {
    chromium.console();
    chromium.requests();
    chromium.look(1400, false);
    chromium.driver().get(page.toUri().toString());
  }

  @AfterEach
  void isSilentAndAlone() {
    assertThat(chromium.driver().getTitle()).startsWith("bqx report");
    assertThat(chromium.console()).isEmpty();
    assertThat(chromium.requests())
        .isNotEmpty()
        .allMatch(url -> url.equals(page.toUri().toString()) || url.startsWith("data:"));
  }

  @Test
  void aCellForEachPartition() throws SQLException {
    for (String family : List.of("bqx", "reg")) {
      assertThat(cells("table[aria-labelledby='map-" + family + "'] button").size())
          .isEqualTo(
              (int)
                  sql.number(
                      "SELECT count(*) FROM bqx.progress WHERE family = ? AND bars > 0", family));
    }
    assertThat(cells("button.cell.done:not(.wrong)")).hasSize(6);
    assertThat(cells("button.cell.missing")).hasSize(4);
    assertThat(cells("button.cell.wrong")).hasSize(6);
    for (WebElement cell : cells("button.cell")) {
      // Neither colour nor shape alone: a letter and a name.
      assertThat(cell.getText()).hasSize(1);
      assertThat(cell.getAccessibleName()).matches("(bqx|reg) [a-z]{6} 2024-0[78]: .+, .+");
      assertThat(cell.getAriaRole()).isEqualTo("button");
    }
  }

  @Test
  void aClickShowsThePartitionAsTheDatabaseHasIt() throws SQLException {
    cell("reg audcad 2024-07").click();
    isAsTheDatabaseHasIt("reg", "audcad", "2024-07-01");
    assertThat(cell("reg audcad 2024-07").getDomAttribute("aria-pressed")).isEqualTo("true");

    new Actions(chromium.driver()).moveToElement(cell("bqx eurusd 2024-08")).perform();
    isAsTheDatabaseHasIt("bqx", "eurusd", "2024-08-01");
  }

  @Test
  void theArrowKeysGoFromCellToCell() throws SQLException {
    WebElement first = cell("bqx audcad 2024-07");
    chromium.driver().executeScript("arguments[0].focus()", first);
    isAsTheDatabaseHasIt("bqx", "audcad", "2024-07-01");
    press(Keys.ARROW_DOWN);
    press(Keys.ARROW_RIGHT);
    isAsTheDatabaseHasIt("bqx", "eurusd", "2024-08-01");
    press(Keys.ENTER);
    assertThat(cell("bqx eurusd 2024-08").getDomAttribute("aria-pressed")).isEqualTo("true");
    press(Keys.HOME);
    isAsTheDatabaseHasIt("bqx", "eurusd", "2024-07-01");
    press(Keys.ARROW_LEFT);
    isAsTheDatabaseHasIt("bqx", "eurusd", "2024-07-01");
    assertThat(cells("table[aria-labelledby='map-bqx'] [tabindex='0']")).hasSize(1);
  }

  @Test
  void whatIsWrongIsNamedAsText() {
    cell("bqx audcad 2024-08").click();
    assertThat(facts()).containsEntry("state", "failed").containsEntry("reason", HOSTILE);
    cell("reg eurusd 2024-07").click();
    assertThat(facts()).containsEntry("verification", "differs");
    assertThat(text("section[aria-labelledby='verification']"))
        .contains("reg eurusd 2024-07-03 12:00 UTC")
        .contains("w60_reg_endpoint")
        .contains(HOSTILE);
    assertThat(cells("img, iframe, object, form")).isEmpty();
  }

  @Test
  void linesAreDrawnAndReadByKeyboard() {
    for (String chart : List.of("chart-bqx", "chart-reg")) {
      assertThat(cells("#" + chart + " canvas")).hasSize(1);
      assertThat(
              chromium
                  .driver()
                  .executeScript(
                      "const c = document.querySelector('#"
                          + chart
                          + " canvas'); return new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size > 20"))
          .isEqualTo(true);
    }
    WebElement chart = chromium.driver().findElement(By.id("chart-bqx"));
    chart.sendKeys(Keys.ARROW_RIGHT);
    assertThat(
            chromium
                .driver()
                .findElement(By.cssSelector("output[for='chart-bqx']"))
                .getDomProperty("textContent"))
        .matches("2024-08-01 \\d\\d:\\d\\d UTC: rate_index \\d+\\.\\d+, w60_bqx_mean_return .+");
    List<WebElement> windows = cells("#windows-reg input");
    assertThat(windows).hasSize(6);
    windows.get(0).sendKeys(Keys.SPACE);
    assertThat(windows.get(0).isSelected()).isTrue();
  }

  @Test
  void theTableOfTimesIsSortedByItsHeadings() {
    List<WebElement> headings = cells("#times th button");
    headings.get(2).click();
    List<String> rows = texts("#times tbody td:nth-child(3)");
    assertThat(rows).hasSize(12).endsWith("-", "-", "-", "-");
    List<Integer> numbers =
        rows.stream()
            .filter(text -> !text.equals("-"))
            .map(text -> Integer.valueOf(text.replace(",", "")))
            .toList();
    assertThat(numbers).isSortedAccordingTo((a, b) -> b - a).hasSize(8);
    assertThat(cells("#times th[aria-sort='descending']")).hasSize(1);
  }

  @Test
  void itFitsPhonesAndDesksInLightAndDark() throws Exception {
    Path pictures = Files.createDirectories(Path.of("target", "screenshots"));
    String background = null;
    for (int width : new int[] {400, 1400}) {
      for (boolean dark : new boolean[] {false, true}) {
        chromium.look(width, dark);
        chromium.driver().get(page.toUri().toString());
        cell("reg eurusd 2024-07").click();
        assertThat(
                (Long)
                    chromium.driver().executeScript("return document.documentElement.scrollWidth"))
            .isLessThanOrEqualTo(width);
        String here =
            (String)
                chromium
                    .driver()
                    .executeScript("return getComputedStyle(document.body).backgroundColor");
        assertThat(here).isNotEqualTo(background);
        background = here;
        assertThat(lowContrasts()).isEmpty();
        Files.write(
            pictures.resolve("report-%d-%s.png".formatted(width, dark ? "dark" : "light")),
            chromium.picture());
      }
    }
  }

  /** Texts that WCAG 2 AA finds too hard to read: a contrast of less than 4.5. */
  private static List<?> lowContrasts() {
    return (List<?>)
        chromium
            .driver()
            .executeScript(
                """
                const parse = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
                const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
                  .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                  .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
                const behind = (e) => { for (; e; e = e.parentElement) {
                  const c = parse(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255, 1]; };
                return [...document.querySelectorAll('body *')]
                  .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
                  .filter((e) => e.checkVisibility() && !e.closest('script, .u-legend'))
                  .filter((e) => {
                    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
                    return (a + 0.05) / (b + 0.05) < 4.5;
                  })
                  .map((e) => e.outerHTML.slice(0, 100));
                """);
  }

  private static void isAsTheDatabaseHasIt(String family, String pair, String month)
      throws SQLException {
    Map<String, String> facts = facts();
    assertThat(facts)
        .containsEntry("partition", "%s %s %s".formatted(family, pair, month.substring(0, 7)))
        .containsEntry(
            "rows",
            count(
                "SELECT count(*) FROM bqx.%s_%s_%s"
                    .formatted(family, pair, month.substring(0, 7).replace('-', '_'))))
        .containsEntry(
            "bars",
            count(
                "SELECT bars FROM bqx.m1_month WHERE pair = '%s' AND month = '%s'"
                    .formatted(pair, month)));
    String table = "bqx.%s_%s_%s".formatted(family, pair, month.substring(0, 7).replace('-', '_'));
    assertThat(facts)
        .containsEntry("min index", sql.text("SELECT min(rate_index)::text FROM " + table))
        .containsEntry("max index", sql.text("SELECT max(rate_index)::text FROM " + table))
        .containsEntry("avg index", sql.text("SELECT avg(rate_index)::text FROM " + table))
        .containsEntry(
            "unique times", sql.text("SELECT count(DISTINCT ts_utc)::text FROM " + table))
        .containsEntry(
            "w630 NULLs",
            sql.text(
                "SELECT (9 * count(*) FILTER (WHERE w630_%s_endpoint IS NULL))::text FROM %s"
                    .formatted(family, table)));
    if (family.equals("reg")) {
      assertThat(Double.parseDouble(facts.get("w240 avg r2")))
          .isEqualTo(
              ((Number) sql.value("SELECT avg(w240_reg_r2) FROM " + table)).doubleValue(),
              org.assertj.core.api.Assertions.within(1e-12));
    }
  }

  private static String count(String query) throws SQLException {
    return String.format(Locale.ROOT, "%,d", sql.number(query));
  }

  private static Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    for (WebElement item : cells("#facts dl > div")) {
      facts.put(
          item.findElement(By.tagName("dt")).getText(),
          item.findElement(By.tagName("dd")).getDomProperty("textContent"));
    }
    return facts;
  }

  private static WebElement cell(String partition) {
    return chromium
        .driver()
        .findElement(By.cssSelector("button[aria-label^='" + partition + ":']"));
  }

  private static List<WebElement> cells(String selector) {
    return chromium.driver().findElements(By.cssSelector(selector));
  }

  private static List<String> texts(String selector) {
    return cells(selector).stream().map(cell -> cell.getDomProperty("textContent")).toList();
  }

  private static String text(String selector) {
    return chromium.driver().findElement(By.cssSelector(selector)).getDomProperty("textContent");
  }

  private static void press(Keys key) {
    new Actions(chromium.driver()).sendKeys(key).perform();
  }
}
