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
        "%s %,d read, %,d inserted, %,d unchanged, %,d replaced, %,d rejected, %s",
        summary.pair(),
        summary.read(),
        summary.inserted(),
        summary.unchanged(),
        summary.replaced(),
        summary.rejected(),
        range);
  }
}
