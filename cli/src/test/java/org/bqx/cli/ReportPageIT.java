package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
    generate("audcad,eurusd", "2024-08");
    generate("usdjpy", "2024-09");
    sql.execute(
        "DELETE FROM bqx.m1 WHERE pair = 'usdjpy' AND time >= '2024-07-25Z' AND time < '2024-09-05Z'");
    sql.execute(
        "DELETE FROM bqx.m1 WHERE pair = 'usdjpy' AND time < '2024-07-12Z' AND extract(hour FROM time) IN (10, 11)");
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

  private static void generate(String pairs, String to) {
    assertThat(BQX.run("generate", "--pairs", pairs, "--from", "2024-07", "--to", to).code())
        .isZero();
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
  void aCellForEachPartitionOfTheFamilyThatIsChosen() throws SQLException {
    for (String family : List.of("bqx", "reg")) {
      choose(family);
      assertThat(cells("#map button.cell"))
          .hasSize(
              (int)
                  sql.number(
                      "SELECT count(*) FROM bqx.progress WHERE family = ? AND bars > 0", family));
      for (WebElement cell : cells("#map button.cell")) {
        // Neither colour nor shape alone: a letter and a name.
        assertThat(cell.getText()).hasSize(1);
        assertThat(cell.getAccessibleName()).matches("[a-z]{6} 2024-0[789]: .+, .+");
        assertThat(cell.getAriaRole()).isEqualTo("button");
      }
    }
    assertThat(cells("#map button.cell.done")).hasSize(3);
    assertThat(cells("#map button.cell.missing")).hasSize(2);
    assertThat(cells("#map button.cell.wrong")).hasSize(1);
  }

  @Test
  void itBeginsWithWhatIsWrong() {
    WebElement first = cells("#attention + ul .group").get(0);
    assertThat(first.getText())
        .contains("differs", "reg eurusd 2024-07", "w60_reg_endpoint", "2024-07-03 12:00 UTC")
        .containsPattern("found 5, expected \\d+\\.\\d+");
    assertThat(first.getRect().getY() + first.getRect().getHeight()).isLessThan(900);
    assertThat(texts(".badge"))
        .anyMatch(text -> text.contains("failed"))
        .anyMatch(text -> text.contains("missing"));
    // The map is open at it already.
    assertThat(facts())
        .containsEntry("partition", "reg eurusd 2024-07")
        .containsEntry("verification", "differs")
        .anySatisfy(
            (name, value) ->
                assertThat(value)
                    .startsWith("w60_reg_endpoint at 2024-07-03 12:00 UTC: found 5, expected "));
    first.findElement(By.cssSelector("button.go")).click();
    WebElement cell = chromium.driver().switchTo().activeElement();
    assertThat(cell.getAccessibleName()).startsWith("eurusd 2024-07: done, differs");
    assertThat(cell.getDomAttribute("aria-pressed")).isEqualTo("true");
  }

  @Test
  void aClickShowsThePartitionAsTheDatabaseHasIt() throws SQLException {
    choose("reg");
    cell("audcad 2024-07").click();
    isAsTheDatabaseHasIt("reg", "audcad", "2024-07-01");
    assertThat(cell("audcad 2024-07").getDomAttribute("aria-pressed")).isEqualTo("true");

    choose("bqx");
    new Actions(chromium.driver()).moveToElement(cell("eurusd 2024-08")).perform();
    isAsTheDatabaseHasIt("bqx", "eurusd", "2024-08-01");
  }

  @Test
  void theArrowKeysGoFromCellToCell() throws SQLException {
    choose("bqx");
    WebElement first = cell("audcad 2024-07");
    chromium.driver().executeScript("arguments[0].focus()", first);
    isAsTheDatabaseHasIt("bqx", "audcad", "2024-07-01");
    press(Keys.ARROW_DOWN);
    press(Keys.ARROW_RIGHT);
    isAsTheDatabaseHasIt("bqx", "eurusd", "2024-08-01");
    press(Keys.ENTER);
    assertThat(cell("eurusd 2024-08").getDomAttribute("aria-pressed")).isEqualTo("true");
    press(Keys.HOME);
    isAsTheDatabaseHasIt("bqx", "eurusd", "2024-07-01");
    press(Keys.ARROW_LEFT);
    isAsTheDatabaseHasIt("bqx", "eurusd", "2024-07-01");
    assertThat(cells("#map td [tabindex='0']")).hasSize(1);
  }

  @Test
  void aYearFoldsToItsWorstMonthAndUnfolds() {
    choose("bqx");
    cells("#map .fold").get(0).click();
    List<WebElement> folded = cells("#map button.year");
    assertThat(folded).hasSize(3);
    assertThat(folded.get(0).getAccessibleName())
        .isEqualTo("audcad 2024: 1 failed, 1 done; folded");
    folded.get(0).click();
    assertThat(chromium.driver().switchTo().activeElement().getAccessibleName())
        .startsWith("audcad 2024-08: failed");
  }

  @Test
  void whatIsWrongIsNamedAsText() {
    choose("bqx");
    cell("audcad 2024-08").click();
    assertThat(facts()).containsEntry("state", "failed").containsEntry("reason", HOSTILE);
    assertThat(text("section[aria-labelledby='attention']")).contains(HOSTILE);
    assertThat(cells("img, iframe, object, form")).isEmpty();
  }

  @Test
  void barsHaveTheirShareOfTheOpenMinutes() throws SQLException {
    assertThat(cells("#coverage button.cell")).hasSize(7);
    WebElement cell =
        chromium
            .driver()
            .findElement(By.cssSelector("#coverage button[aria-label^='eurusd 2024-07:']"));
    cell.click();
    Map<String, String> facts = facts("#coverage-facts");
    assertThat(facts)
        .containsEntry(
            "bars",
            count(
                "SELECT bars FROM bqx.bar_coverage WHERE pair = 'eurusd' AND month = '2024-07-01'"))
        .containsEntry(
            "minutes missing",
            count(
                "SELECT missing FROM bqx.bar_coverage WHERE pair = 'eurusd' AND month = '2024-07-01'"));
  }

  @Test
  void aMonthShowsTheGapsThatReachIntoIt() {
    // It is open at the month that has no bar.
    assertThat(facts("#coverage-facts"))
        .containsEntry("month", "usdjpy 2024-08")
        .hasEntrySatisfying(
            "open gap",
            gap -> assertThat(gap).startsWith("2024-07-25 00:00 to 2024-09-05 00:00, "));
    chromium
        .driver()
        .findElement(By.cssSelector("#coverage button[aria-label^='usdjpy 2024-07:']"))
        .click();
    assertThat(facts("#coverage-facts")).containsKeys("open gap", "shorter gaps");
  }

  @Test
  void columnsAreDrawnAndReadByKeyboard() throws SQLException {
    cells("#looks option[value='bqx']").get(0).click();
    cells("#looks option[value='w60_bqx_range']").get(0).click();
    assertThat(cells("#looks .line path.trace")).isNotEmpty();
    assertThat(cells("#looks .histogram rect.bar")).hasSize(30);
    assertThat(cells("#looks .correlations li")).hasSize(12);
    cells("#looks .line .chart").get(0).sendKeys(Keys.END, Keys.ARROW_RIGHT);
    assertThat(text("#looks .line .reading")).matches("2024-08-01 00:00 UTC: .+, from .+ to .+");
    Map<String, String> figures = facts("#looks .line");
    String of = " FROM bqx.bqx_eurusd_2024_08";
    assertThat(figures)
        .containsEntry("values", count("SELECT count(w60_bqx_range)" + of))
        .containsEntry("NULL", count("SELECT count(*) - count(w60_bqx_range)" + of));
    assertThat(Double.parseDouble(figures.get("average")))
        .isCloseTo(
            ((Number) sql.value("SELECT avg(w60_bqx_range)" + of)).doubleValue(), within(1e-9));
    String strongest = cells("#looks .correlations button").get(0).getText();
    assertThat(Double.parseDouble(texts("#looks .correlations .number").get(0)))
        .isCloseTo(
            ((Number) sql.value("SELECT corr(w60_bqx_range, %s)%s".formatted(strongest, of)))
                .doubleValue(),
            within(0.02));
    cells("#looks .correlations button").get(0).click();
    assertThat(cells("#looks select").get(1).getDomProperty("value")).isEqualTo(strongest);
    assertThat(cells("#looks .months path.trace, #looks .months circle")).isNotEmpty();
    assertThat(cells("#looks .drift rect.bar")).hasSize(1);
  }

  @Test
  void theSlowestAreSortedByTheirHeadings() {
    cells("details[data-key='slowest'] summary").get(0).click();
    List<WebElement> headings = cells("#times th button");
    headings.get(2).click();
    List<Integer> numbers =
        texts("#times tbody td:nth-child(3)").stream()
            .map(text -> Integer.valueOf(text.replace(",", "")))
            .toList();
    assertThat(numbers).isSortedAccordingTo((a, b) -> b - a).hasSize(8);
    assertThat(cells("#times th[aria-sort='descending']")).hasSize(1);
  }

  @Test
  void itFitsPhonesAndDesksInLightAndDark() throws Exception {
    Path pictures = Files.createDirectories(Path.of("target", "screenshots"));
    String background = null;
    for (int width : new int[] {400, 800, 1400}) {
      for (boolean dark : new boolean[] {false, true}) {
        chromium.look(width, dark);
        chromium.driver().get(page.toUri().toString());
        chromium
            .driver()
            .executeScript(
                "arguments[0].scrollIntoView({ block: 'center' })", cell("eurusd 2024-07"));
        cell("eurusd 2024-07").click();
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
        assertThat(chromium.lowContrasts()).isEmpty();
        Files.write(
            pictures.resolve("report-%d-%s.png".formatted(width, dark ? "dark" : "light")),
            chromium.picture());
      }
    }
  }

  private static void isAsTheDatabaseHasIt(String family, String pair, String month)
      throws SQLException {
    Map<String, String> facts = facts("#facts");
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
              within(1e-12));
    }
  }

  private static String count(String query) throws SQLException {
    return String.format(Locale.ROOT, "%,d", sql.number(query));
  }

  private static Map<String, String> facts() {
    return facts("#facts");
  }

  /** What stands in a list of names and values: the value in full, where it is shortened. */
  private static Map<String, String> facts(String place) {
    Map<String, String> facts = new LinkedHashMap<>();
    for (WebElement item : cells(place + " dl > div")) {
      WebElement value = item.findElement(By.tagName("dd"));
      String full = value.getDomAttribute("title");
      facts.put(
          item.findElement(By.tagName("dt")).getText(),
          full == null ? value.getDomProperty("textContent") : full);
    }
    return facts;
  }

  private static void choose(String family) {
    chromium.driver().findElement(By.cssSelector("button[data-family='" + family + "']")).click();
  }

  private static WebElement cell(String partition) {
    return chromium
        .driver()
        .findElement(By.cssSelector("#map button[aria-label^='" + partition + ":']"));
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
