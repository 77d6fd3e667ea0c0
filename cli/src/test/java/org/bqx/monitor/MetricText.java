package org.bqx.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads OpenMetrics text as strictly as its specification has it: of each metric the type, unit and
 * help before its samples, nothing of another between them, no sample twice, and the end marked.
 */
public final class MetricText {
  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\\\\\"\\n]|\\\\[\\\\\"n])*\"";
  private static final Pattern META = Pattern.compile("# (TYPE|UNIT|HELP) (" + NAME + ") (.+)");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "(("
              + NAME
              + ")(?:\\{"
              + LABEL
              + "(?:,"
              + LABEL
              + ")*\\})?)"
              + " (-?\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?)");

  private MetricText() {}

  /** Returns the samples by name and labels. */
  public static Map<String, Double> parse(List<String> lines) {
    Map<String, Double> samples = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    String current = null;
    Set<String> meta = new HashSet<>();
    assertThat(lines).last().isEqualTo("# EOF");
    for (String line : lines.subList(0, lines.size() - 1)) {
      Matcher described = META.matcher(line);
      if (described.matches()) {
        String name = described.group(2);
        if (!name.equals(current)) {
          assertThat(seen.add(name)).as("again: %s", line).isTrue();
          current = name;
          meta.clear();
        }
        assertThat(meta.add(described.group(1))).as("twice: %s", line).isTrue();
        if (described.group(1).equals("UNIT")) {
          assertThat(name).endsWith("_" + described.group(3));
        }
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      assertThat(sample.matches()).as("a sample: %s", line).isTrue();
      assertThat(sample.group(2)).as(line).isEqualTo(current);
      assertThat(meta).as(line).contains("TYPE", "HELP");
      assertThat(samples.put(sample.group(1), Double.valueOf(sample.group(3)))).as(line).isNull();
    }
    return samples;
  }
}
