package org.bqx.stages;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bqx.terminal.Quantity;

/** Stages as lines of text. */
public final class StageTable {
  private static final int NARROW = 80;
  private static final String FORMAT = "%%-8s %%-%ds %%-20s %%-16s %%8s";
  private static final int USUAL_TITLE = 18;
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private StageTable() {}

  /**
   * Returns a line for each stage, below a heading; what it made has a line of its own where the
   * columns do not hold it.
   */
  public static List<String> render(List<Stage> stages, int columns) {
    List<String> lines = new ArrayList<>();
    String format =
        FORMAT.formatted(
            stages.stream()
                .mapToInt(stage -> stage.title().length())
                .reduce(USUAL_TITLE, Math::max));
    String heading =
        format.formatted("stage", "", "state", "started (UTC)", "took").stripTrailing();
    lines.add(columns > NARROW ? heading + "  made or removed" : heading);
    for (Stage stage : stages) {
      String line =
          format.formatted(
              stage.version(),
              stage.title(),
              stage.status(),
              stage.started() == null ? "-" : CLOCK.format(stage.started()),
              Quantity.duration(stage.seconds()));
      if (stage.result() == null) {
        lines.add(line);
      } else if (line.length() + 2 + stage.result().length() <= columns) {
        lines.add(line + "  " + stage.result());
      } else {
        lines.add(line);
        lines.add(" ".repeat(9) + stage.result());
      }
    }
    return lines;
  }
}
