package org.bqx.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A headless Chromium that notes what a page asks the network for and what its console says. */
final class Chromium implements AutoCloseable {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final String DRIVER = "chromedriver";

  private final ChromeDriver driver;

  /**
   * Skips a class, loudly, where there is no Chromium and nobody can be expected to have one; in
   * continuous integration (CI is set) its tests fail.
   */
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @ExtendWith(Condition.class)
  @interface Required {}

  /**
   * @param profile an empty folder
   */
  Chromium(Path profile) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser().orElseThrow().toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(program(DRIVER).orElseThrow().toFile())
                .build(),
            options);
  }

  ChromeDriver driver() {
    return driver;
  }

  /** Makes the page as wide as a device, in light or dark colours. */
  void look(int width, boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 700));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Returns a picture of the whole page, as PNG. */
  byte[] picture() {
    Map<String, Object> picture =
        driver.executeCdpCommand(
            "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    return OutputType.BYTES.convertFromBase64Png(picture.get("data").toString());
  }

  /** Returns texts that WCAG 2 AA finds too hard to read: a contrast of less than 4.5. */
  List<?> lowContrasts() {
    return (List<?>)
        driver.executeScript(
            """
            const parse = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
            const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
              .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
              .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
            const behind = (e) => { for (; e; e = e.parentElement) {
              const c = parse(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255, 1]; };
            return [...document.querySelectorAll('body *')]
              .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
              .filter((e) => e.checkVisibility() && !e.closest('script, option'))
              .filter((e) => {
                const own = getComputedStyle(e);
                const ink = e.ownerSVGElement ? own.fill : own.color;
                const [a, b] = [light(parse(ink)), light(behind(e))].sort((x, y) => y - x);
                return (a + 0.05) / (b + 0.05) < 4.5;
              })
              .map((e) => e.outerHTML.slice(0, 100));
            """);
  }

  /** Returns what the console said since the last call, a line each. */
  List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::toString)
        .toList();
  }

  /**
   * Returns the addresses asked for since the last call, but for those of the browser's own pages.
   */
  List<String> requests() {
    List<String> requests = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      JsonNode message = JsonMapper.shared().readTree(entry.getMessage()).path("message");
      if (message.path("method").asString("").equals("Network.requestWillBeSent")) {
        requests.add(message.path("params").path("request").path("url").asString(""));
      }
    }
    requests.removeIf(url -> url.startsWith("chrome:"));
    return requests;
  }

  @Override
  public void close() {
    driver.quit();
  }

  private static Optional<Path> browser() {
    return BROWSERS.stream().map(Chromium::program).flatMap(Optional::stream).findFirst();
  }

  private static Optional<Path> program(String name) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The condition behind {@link Required}. */
  static final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      if (browser().isPresent() && program(DRIVER).isPresent()) {
        return ConditionEvaluationResult.enabled("Chromium is there");
      }
      String reason = "no Chromium with its chromedriver on the PATH; ./bqx test installs them";
      if (System.getenv("CI") != null) {
        return ConditionEvaluationResult.enabled(reason);
      }
      System.err.printf("SKIPPED %s: %s%n", context.getUniqueId(), reason);
      return ConditionEvaluationResult.disabled(reason);
    }
  }
}
