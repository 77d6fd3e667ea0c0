package org.bqx.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.bqx.monitor.PartitionFact;
import org.bqx.partition.PartitionState;
import org.bqx.verify.Finding;
import org.bqx.verify.PartitionCheck;
import org.bqx.verify.VerifyFacts;
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
    String page = render(Reports.of(List.of(partition), outcome, Reports.features(HOSTILE)));
    assertThat(page).doesNotContain("<img", "<script>alert", "onerror=alert(2)>\u2028&amp;<");
    assertThat(elements(page, "script")).hasSize(2);
    assertThat(page).contains("&lt;img src=x onerror=alert(2)&gt;");
    assertThat(elements(page, "script").get(0)).doesNotContain("<").contains("\\u003cimg src=x");
  }

  @Test
  void thePolicyNamesWhatIsInThePageAndNothingElse() throws Exception {
    String page = render(Reports.of(List.of("eurusd"), 1, null));
    String policy = group(page, "Content-Security-Policy\" content=\"([^\"]*)\"");
    assertThat(policy).startsWith("default-src 'none';").doesNotContain("unsafe", "http");
    assertThat(policy).contains(hash(elements(page, "style").get(0)));
    assertThat(policy).contains(hash(elements(page, "script").get(1)));
    assertThat(page).doesNotContainPattern("(?i)(src|href)=\"?(https?:|//)");
    assertThat(page).doesNotContain(" style=");
  }

  @Test
  void aLivePageMayAskWhereItCameFromAndNoOtherPageMay() {
    Report report = Reports.of(List.of("eurusd"), 1, null);
    assertThat(render(report)).doesNotContain("connect-src").contains("\"live\":0");
    assertThat(HtmlReport.renderLive(report, UnaryOperator.identity(), 10))
        .contains("connect-src 'self';", "\"live\":10", "ask again every 10 s");
  }

  /** Seventeen families, 28 pairs, 25 years: 142,800 partitions, all of them verified. */
  @Test
  void aQuarterOfACenturyOfAllFamiliesIsASmallFile() {
    List<PartitionFact> partitions = new ArrayList<>();
    List<PartitionCheck> checks = new ArrayList<>();
    for (int family = 0; family < 17; family++) {
      for (int pair = 0; pair < 28; pair++) {
        for (int month = 0; month < 300; month++) {
          partitions.add(
              Reports.partition(
                  "family%02d".formatted(family),
                  "pair%02d".formatted(pair),
                  YearMonth.of(2001, 1).plusMonths(month),
                  PartitionState.DONE,
                  null));
        }
      }
    }
    VerifyFacts facts = Reports.check(partitions.get(0), List.of()).facts();
    for (PartitionFact partition : partitions) {
      checks.add(new PartitionCheck(Report.key(partition), facts, List.of(), List.of(), null));
    }
    String page =
        render(
            Reports.of(partitions, Reports.verification(Reports.AT.plusSeconds(1), checks), null));
    assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(5_000_000);
    assertThat(page).contains("\"months\":300", "142,800 of 142,800 partitions verified");
  }

  @Test
  void whatIsNotVerifiedIsNotSaidToBe() {
    Report none = Reports.of(List.of("eurusd"), 2, null);
    assertThat(render(none)).contains("Not verified", "Nothing here was checked");

    PartitionCheck before = Reports.check(none.partitions().get(0), List.of());
    String page =
        render(
            Reports.of(
                List.of("eurusd"),
                2,
                Reports.verification(Reports.AT.minusSeconds(60), List.of(before))));
    assertThat(page)
        .contains("\"states\":\"dd\",\"proofs\":\"c-\"")
        .contains("Computed again since, and not verified: 1 partition")
        .contains("Not part of it, but of this report: 3 partitions");
  }

  @Test
  void gapsThatNobodyKnowsAreNotNone() {
    Report known = Reports.of(List.of("eurusd"), 1, null);
    assertThat(render(known)).contains("0 gaps open");
    Report partial =
        new Report(
            known.at(),
            known.server(),
            known.range(),
            known.families(),
            known.labels(),
            known.stages(),
            known.partitions(),
            null,
            known.coverage(),
            false,
            List.of(),
            null);
    assertThat(render(partial))
        .contains("Gaps in the bars are unknown while a node does not answer: ./bqx node list.")
        .doesNotContain("0 gaps", "Nobody has looked for gaps");
  }

  private static String render(Report report) {
    return HtmlReport.render(report, UnaryOperator.identity());
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
