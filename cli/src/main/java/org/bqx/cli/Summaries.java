package org.bqx.cli;

import java.util.Locale;
import org.bqx.imports.ImportSummary;

/** Import summaries for people. */
final class Summaries {
  private Summaries() {}

  static String text(ImportSummary summary) {
    String range = summary.first() == null ? "no bars" : summary.first() + " to " + summary.last();
    return String.format(
        Locale.ROOT,
        "%s %,d read, %,d inserted, %,d unchanged, %,d replaced, %,d rejected%s%s%s, %s",
        summary.pair(),
        summary.read(),
        summary.inserted(),
        summary.unchanged(),
        summary.replaced(),
        summary.rejected(),
        some(summary.completed(), "completed by a side of the quote"),
        some(summary.quoted(), "with bid and ask"),
        some(summary.fillers(), "flat bars of closed hours left out"),
        range);
  }

  private static String some(long count, String what) {
    return count == 0 ? "" : String.format(Locale.ROOT, ", %,d %s", count, what);
  }
}
