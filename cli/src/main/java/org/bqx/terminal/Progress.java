package org.bqx.terminal;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * How far a long command is: one redrawn line with bar, rate and time left on a terminal, a plain
 * line every few seconds elsewhere. Thread-safe.
 */
public final class Progress implements AutoCloseable {
  private static final long LIVE_NANOS = 100_000_000L;
  private static final long PLAIN_NANOS = 5_000_000_000L;
  private static final int BAR_WIDTH = 20;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean live;
  private final String label;
  private final String unit;
  private final long start = System.nanoTime();
  private long total;
  private long done;
  private long lastDrawn;
  private boolean drawn;

  /**
   * @param out where to draw: standard error
   * @param live whether {@code out} is a terminal
   * @param label what is done, for example {@code backfill}
   * @param unit what is counted, for example {@code bars}
   * @param total how many there are in all, 0 when nobody knows
   */
  public Progress(PrintWriter out, boolean live, String label, String unit, long total) {
    this.out = out;
    this.live = live;
    this.label = label;
    this.unit = unit;
    this.total = total;
    this.lastDrawn = start;
  }

  /** Counts {@code more} of the unit as done. */
  public synchronized void advance(long more) {
    done += more;
    long now = System.nanoTime();
    if (now - lastDrawn >= (live ? LIVE_NANOS : PLAIN_NANOS)) {
      lastDrawn = now;
      draw(now - start);
    }
  }

  /** Says how many there are in all, once that is known. */
  public synchronized void total(long known) {
    total = known;
  }

  /** Prints a line of its own, above the bar where there is one. */
  public synchronized void message(String line) {
    if (drawn) {
      out.print(CLEAR_LINE);
      drawn = false;
    }
    out.println(Printable.lines(line));
    out.flush();
  }

  /** Removes the bar from the terminal. */
  @Override
  public synchronized void close() {
    if (drawn) {
      out.print(CLEAR_LINE);
      out.flush();
      drawn = false;
    }
  }

  private void draw(long nanos) {
    String line = line(label, unit, done, total, nanos);
    if (live) {
      out.print(CLEAR_LINE + line);
      drawn = true;
    } else {
      out.println(line);
    }
    out.flush();
  }

  /**
   * Returns the line for {@code done} of {@code total} after {@code nanos}, at most 80 columns for
   * a label of up to 10.
   */
  static String line(String label, String unit, long done, long total, long nanos) {
    double rate = done / (nanos / 1e9);
    String speed = String.format(Locale.ROOT, "%,.0f %s/s", rate, unit);
    if (total == 0) {
      return String.format(Locale.ROOT, "%s %,d %s  %s", label, done, unit, speed);
    }
    int filled = (int) Math.min(BAR_WIDTH, done * BAR_WIDTH / total);
    String bar = "#".repeat(filled) + "-".repeat(BAR_WIDTH - filled);
    String left = done == 0 ? "?" : duration(Math.round((total - done) / rate));
    if (rate < 10) {
      speed = String.format(Locale.ROOT, "%.1f %s/s", rate, unit);
    }
    return String.format(
        Locale.ROOT,
        "%s [%s] %,d/%,d %.1f %%  %s  ETA %s",
        label,
        bar,
        done,
        total,
        100.0 * done / total,
        speed,
        left);
  }

  private static String duration(long seconds) {
    Duration duration = Duration.ofSeconds(seconds);
    return duration.toHours() > 0
        ? String.format(Locale.ROOT, "%dh%02dm", duration.toHours(), duration.toMinutesPart())
        : String.format(Locale.ROOT, "%d:%02d", duration.toMinutes(), duration.toSecondsPart());
  }
}
