package org.bqx.doctor;

import java.util.ArrayList;
import java.util.List;
import org.bqx.terminal.Printable;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Findings as lines of text, each no wider than asked but for commands, which are not broken. */
public final class Report {
  private static final int LEVEL = 8;
  private static final int CHECK = 13;

  private Report() {}

  /** Returns a line for each finding, its continuation, and the command to type below it. */
  public static List<AttributedString> render(List<Finding> findings, int columns) {
    List<AttributedString> lines = new ArrayList<>();
    int indent = LEVEL + CHECK;
    for (Finding finding : findings) {
      List<String> message = wrap(Printable.of(finding.message()), columns - indent);
      AttributedStringBuilder line = new AttributedStringBuilder();
      line.styled(style(finding), ("%-" + LEVEL + "s").formatted(finding.level()));
      line.append(("%-" + CHECK + "s").formatted(finding.check())).append(message.get(0));
      lines.add(line.toAttributedString());
      message.stream()
          .skip(1)
          .forEach(rest -> lines.add(new AttributedString(" ".repeat(indent) + rest)));
      if (finding.next() != null) {
        lines.add(new AttributedString(" ".repeat(indent) + "next: " + finding.next()));
      }
    }
    return lines;
  }

  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (line.length() > 0 && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private static AttributedStyle style(Finding finding) {
    return switch (finding.level()) {
      case Finding.OK -> AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
      case Finding.UNKNOWN -> AttributedStyle.DEFAULT;
      case Finding.WARNING -> AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);
      default -> AttributedStyle.BOLD.foreground(AttributedStyle.RED);
    };
  }
}
