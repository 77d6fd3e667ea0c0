package org.bqx.monitor;

import java.util.Comparator;
import java.util.stream.Stream;
import org.jline.utils.AttributedStyle;

/**
 * How a partition looks in the grid: a sign of its own for each state, so that nothing is told by
 * colour alone. What needs attention most comes first.
 */
enum Mark {
  FAILED('!', "failed", AttributedStyle.BOLD.foreground(AttributedStyle.RED)),
  UNREACHABLE('?', "unreachable", AttributedStyle.BOLD.foreground(AttributedStyle.RED)),
  RUNNING('>', "running", AttributedStyle.BOLD.foreground(AttributedStyle.CYAN)),
  STALE('~', "stale", AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW)),
  MISSING('.', "missing", AttributedStyle.DEFAULT.faint()),
  AGAIN('o', "again", AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN)),
  REMOVAL('x', "to be removed", AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN)),
  DONE('#', "done", AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN)),
  NO_QUOTES('q', "no quotes", AttributedStyle.DEFAULT.faint()),
  NO_BARS('-', "no bars", AttributedStyle.DEFAULT.faint());

  private final char sign;
  private final String text;
  private final AttributedStyle style;

  Mark(char sign, String text, AttributedStyle style) {
    this.sign = sign;
    this.text = text;
    this.style = style;
  }

  char sign() {
    return sign;
  }

  String text() {
    return text;
  }

  AttributedStyle style() {
    return style;
  }

  /** Returns the mark of a partition; null is one that does not exist. */
  static Mark of(PartitionFact partition) {
    if (partition == null) {
      return NO_BARS;
    }
    return switch (partition.state()) {
      case DONE -> partition.again() ? AGAIN : DONE;
      case RUNNING -> RUNNING;
      case MISSING -> MISSING;
      case STALE -> STALE;
      case FAILED -> FAILED;
      case NO_BARS -> partition.removal() ? REMOVAL : NO_BARS;
      case UNREACHABLE -> UNREACHABLE;
      case NO_QUOTES -> partition.removal() ? REMOVAL : NO_QUOTES;
    };
  }

  /** Returns the one that needs attention most. */
  static Mark worst(Stream<Mark> marks) {
    return marks.min(Comparator.naturalOrder()).orElse(NO_BARS);
  }
}
