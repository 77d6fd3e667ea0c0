package org.bqx.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.bqx.monitor.PartitionFact;
import org.bqx.partition.PartitionState;
import org.bqx.verify.Finding;
import org.bqx.verify.PartitionCheck;
import org.bqx.verify.VerifyOutcome;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  private static final YearMonth MONTH = YearMonth.of(2024, 7);
  private static final String HOSTILE =
      "\"'></script><!--<script>alert(1)</script><img src=x onerror=alert(2)>\u2028&amp;";

  @Test
  void nothingFromTheDatabaseBecomesMarkup() {
    PartitionFact partition =
        Reports.partition("reg", HOSTILE, MONTH, PartitionState.FAILED, HOSTILE);
    Finding finding =
        new Finding(HOSTILE, HOSTILE, HOSTILE, MONTH, null, HOSTILE, HOSTILE, HOSTILE);
    PartitionCheck check =
        new PartitionCheck(
            Report.key(partition),
            Reports.check(partition, List.of()).facts(),
            List.of(finding),
            List.of(finding),
            HOSTILE);
    VerifyOutcome outcome =
        new VerifyOutcome(
            Reports.AT,
            HOSTILE,
            200,
            false,
            1,
            List.of(check),
            List.of(finding),
            List.of(finding),
            false);
    String page =
        HtmlReport.render(Reports.of(List.of(partition), outcome, Reports.series(HOSTILE, 5)));
    assertThat(page).doesNotContain("<img", "<script>alert", "onerror=alert(2)>\u2028&amp;<");
    assertThat(elements(page, "script")).hasSize(3);
    assertThat(page).contains("&lt;img src=x onerror=alert(2)&gt;");
    assertThat(elements(page, "script").get(0)).doesNotContain("<").contains("\\u003cimg src=x");
  }

  @Test
  void thePolicyNamesWhatIsInThePageAndNothingElse() throws Exception {
    String page = HtmlReport.render(Reports.of(List.of("eurusd"), 1, 100, null));
    String policy = group(page, "Content-Security-Policy\" content=\"([^\"]*)\"");
    assertThat(policy).startsWith("default-src 'none';").doesNotContain("unsafe", "http");
    assertThat(policy).contains(hash(elements(page, "style").get(0)));
    assertThat(policy).contains(hash(elements(page, "script").get(1)));
    assertThat(policy).contains(hash(elements(page, "script").get(2)));
    assertThat(page).doesNotContainPattern("(?i)(src|href)=\"?(https?:|//)");
    assertThat(page).doesNotContain(" style=");
  }

  @Test
  void theLibrarysNoticeIsInThePage() {
    assertThat(HtmlReport.render(Reports.of(List.of("eurusd"), 1, 100, null)))
        .contains("The MIT License (MIT)", "Leon Sorokin", "uPlot 1.");
  }

  @Test
  void aYearAndMoreOfAllPairsIsASmallFile() {
    List<String> pairs = IntStream.range(0, 28).mapToObj("pair%02d"::formatted).toList();
    Report bare = Reports.of(pairs, 16, 44_640, null);
    List<PartitionCheck> checks = new ArrayList<>();
    bare.partitions().forEach(partition -> checks.add(Reports.check(partition, List.of())));
    VerifyOutcome outcome = Reports.verification(Reports.AT.plusSeconds(1), checks);
    String page = HtmlReport.render(Reports.of(pairs, 16, 44_640, outcome));
    assertThat(Pattern.compile("<button[^>]*data-partition=").matcher(page).results().count())
        .isEqualTo(28 * 16 * 2);
    assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(5_000_000);
  }

  @Test
  void whatIsNotVerifiedIsNotSaidToBe() {
    Report none = Reports.of(List.of("eurusd"), 2, 100, null);
    assertThat(HtmlReport.render(none)).contains("Not verified", "Nothing here was checked");

    PartitionCheck before = Reports.check(none.partitions().get(0), List.of());
    String page =
        HtmlReport.render(
            Reports.of(
                List.of("eurusd"),
                2,
                100,
                Reports.verification(Reports.AT.minusSeconds(60), List.of(before))));
    assertThat(page)
        .contains("bqx eurusd 2024-07: done, computed since, not verified")
        .contains("bqx eurusd 2024-08: done, not verified")
        .contains("Computed again since, and not verified: 1 partition")
        .contains("Not part of it, but of this report: 3 partitions");
  }

  private static List<String> elements(String page, String name) {
    return Pattern.compile("(?s)<" + name + "[^>]*>(.*?)</" + name + ">")
        .matcher(page)
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  private static String group(String page, String pattern) {
    return Pattern.compile(pattern)
        .matcher(page)
        .results()
        .map((MatchResult match) -> match.group(1))
        .findFirst()
        .orElseThrow();
  }

  private static String hash(String text) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }
}
