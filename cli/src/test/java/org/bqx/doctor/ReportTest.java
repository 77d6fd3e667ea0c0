package org.bqx.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final List<Finding> FINDINGS =
      List.of(
          Finding.ok("server", "PostgreSQL 15.8"),
          Finding.error(
              "server java",
              "this server has no Java: neither extension pljava nor sqljrt is available on it",
              "make -C sqljrt"),
          Finding.ok("correlations", "1 done"));

  @Test
  void longMessagesAreBrokenAndTheNextCommandStandsBelow() {
    assertThat(Report.render(FINDINGS, 80))
        .extracting(AttributedString::toString)
        .containsExactly(
            "ok      server       PostgreSQL 15.8",
            "error   server java  this server has no Java: neither extension pljava nor",
            "                     sqljrt is available on it",
            "                     next: make -C sqljrt",
            "ok      correlations 1 done");
    assertThat(Report.render(FINDINGS, 200)).hasSize(4);
  }

  @Test
  void levelsAreColoured() {
    assertThat(Report.render(FINDINGS, 80).get(1).toAnsi()).startsWith("\u001b[");
  }
}
