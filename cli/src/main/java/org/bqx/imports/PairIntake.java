package org.bqx.imports;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes in the lines of one pair: checks each bar beside the one before, and stages it or rejects
 * it. The first thousand wait until all of them are there, so that the first bar is measured by
 * what most of them say, and not the others by a bad first.
 */
final class PairIntake {
  private static final int WAITING = 1000;

  private final int symbol;
  private final BarCheck check;
  private final StagingCopy copy;
  private final Rejects rejects;
  private final StagedBars staged = new StagedBars();
  private final Steps steps = new Steps();
  private List<Waiting> waiting = new ArrayList<>();

  /** A line and its text. */
  private record Waiting(BarLine line, String text) {}

  /**
   * @param symbol its number, negative where the source has no symbols
   */
  PairIntake(int symbol, ImportRules rules, StagingCopy copy, Rejects rejects) {
    this.symbol = symbol;
    this.copy = copy;
    this.rejects = rejects;
    check = new BarCheck(rules);
  }

  /** Takes the line that a reader has just given. */
  void take(BarLine line, BarReader reader) throws IOException, SQLException {
    if (line.bar() != null) {
      steps.add(line.bar().epochSecond());
    }
    if (waiting == null) {
      put(line, reader, null);
    } else {
      waiting.add(new Waiting(line, reader.text()));
      if (waiting.size() == WAITING) {
        finish();
      }
    }
  }

  /** Puts what still waits. */
  void finish() throws IOException, SQLException {
    if (waiting == null) {
      return;
    }
    List<Waiting> all = waiting;
    waiting = null;
    double[] closes =
        all.stream()
            .map(each -> each.line().bar())
            .filter(bar -> bar != null && BarCheck.defectOfValues(bar) == null)
            .mapToDouble(Bar::close)
            .sorted()
            .toArray();
    if (closes.length > 0) {
      check.expect(closes[(closes.length - 1) / 2]);
    }
    for (Waiting each : all) {
      put(each.line(), null, each.text());
    }
  }

  StagedBars staged() {
    return staged;
  }

  Steps steps() {
    return steps;
  }

  private void put(BarLine line, BarReader reader, String known) throws IOException, SQLException {
    Bar bar = line.bar();
    String defect = bar == null ? line.defect() : check.defect(bar);
    if (defect == null) {
      copy.write(line.line(), bar, symbol);
      staged.add(bar);
    } else {
      String text = known == null ? reader.text() : known;
      rejects.add(line.line(), defect, text.isEmpty() && bar != null ? text(bar) : text);
    }
  }

  private static String text(Bar bar) {
    StringBuilder text = new StringBuilder(Instant.ofEpochSecond(bar.epochSecond()).toString());
    double[] values = {
      bar.open(), bar.high(), bar.low(), bar.close(), bar.volume(), bar.bidClose(), bar.askClose()
    };
    Arrays.stream(values)
        .forEach(value -> text.append(',').append(Double.isNaN(value) ? "" : value));
    return text.toString();
  }
}
