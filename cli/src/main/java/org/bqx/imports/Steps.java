package org.bqx.imports;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The distances between the times of a file's bars. One-minute bars follow each other by a minute;
 * where most follow by more, the bars are of another period.
 */
final class Steps {
  private static final long MINUTE = 60;
  private static final int DISTINCT = 10_000;

  private final Map<Long, Long> counts = new HashMap<>();
  private long minutes;
  private long all;
  private long last = Long.MIN_VALUE;

  /** Adds the time of the next bar, whatever else is wrong with the bar. */
  void add(long time) {
    if (last != Long.MIN_VALUE) {
      add(Math.abs(time - last), 1);
    }
    last = time;
  }

  /** Adds distances in seconds. */
  void add(long step, long count) {
    if (step > 0) {
      all += count;
      if (step <= MINUTE) {
        minutes += count;
      } else if (counts.size() < DISTINCT || counts.containsKey(step)) {
        counts.merge(step, count, Long::sum);
      }
    }
  }

  /** Returns the period of most bars when it is not a minute, else null. */
  String otherPeriod() {
    var most = counts.entrySet().stream().max(Map.Entry.comparingByValue());
    if (most.isEmpty() || most.get().getValue() * 2 < all || minutes * 20 > all) {
      return null;
    }
    Duration period = Duration.ofSeconds(most.get().getKey());
    if (period.toSecondsPart() != 0) {
      return period.toSeconds() + " seconds";
    }
    if (period.toMinutesPart() == 0) {
      return period.toHours() == 1 ? "1 hour" : period.toHours() + " hours";
    }
    return period.toMinutes() + " minutes";
  }
}
