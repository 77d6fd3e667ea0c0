package org.bqx.monitor;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.bqx.terminal.Quantity;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * The partitions as a grid: a pair a row, a month a cell, a blank before each year. A cell has one
 * mark for each family where all months fit so, else one mark, of the family that needs attention
 * most. As many pairs stand beside each other as fit.
 */
final class Grid {
  private static final int GAP = 2;

  /** Marks that most databases have no partition of. */
  private static final Set<Mark> RARE = EnumSet.of(Mark.UNREACHABLE, Mark.REMOVAL, Mark.NO_QUOTES);

  /**
   * What is shown.
   *
   * @param family the only one, null for all
   * @param monthsBack months after the last that is shown
   */
  record View(String family, int monthsBack) {
    static final View ALL = new View(null, 0);
  }

  private final Map<String, PartitionFact> byName;
  private final List<String> families;
  private final List<String> pairs;
  private final List<YearMonth> months;
  private final int label;
  private final int marks;
  private final int earlier;
  private final int later;

  Grid(Snapshot snapshot, int columns, View view) {
    byName =
        snapshot.partitions().stream()
            .collect(Collectors.toMap(PartitionFact::name, partition -> partition));
    families =
        snapshot.families().stream()
            .map(FamilyProgress::family)
            .filter(family -> view.family() == null || view.family().equals(family))
            .toList();
    List<PartitionFact> shown =
        snapshot.partitions().stream().filter(p -> families.contains(p.family())).toList();
    pairs = List.copyOf(new TreeSet<>(shown.stream().map(PartitionFact::pair).toList()));
    List<YearMonth> all = months(shown);
    label = pairs.stream().mapToInt(String::length).max().orElse(0) + 1;
    marks = label + width(all, families.size()) <= columns ? families.size() : 1;
    later = Math.max(0, Math.min(view.monthsBack(), all.size() - 1));
    int first = all.size() - later;
    while (first > 0
        && (first == all.size() - later
            || label + width(all.subList(first - 1, all.size() - later), marks) <= columns)) {
      first--;
    }
    earlier = first;
    months = all.isEmpty() ? all : all.subList(first, all.size() - later);
  }

  /** Returns how many months before the shown ones there are. */
  int earlier() {
    return earlier;
  }

  /** Returns the lines; the first two say what the grid shows and are of any length. */
  List<AttributedString> render(int columns) {
    if (months.isEmpty()) {
      return List.of(
          new AttributedString("no bars: ./bqx import FILE or ./bqx generate makes them"));
    }
    List<AttributedString> lines = new ArrayList<>();
    lines.add(new AttributedString(title(), AttributedStyle.BOLD));
    lines.add(legend());
    int block = label + width(months, marks);
    int blocks = Math.max(1, Math.min(pairs.size(), (columns + GAP) / (block + GAP)));
    int rows = (pairs.size() + blocks - 1) / blocks;
    blocks = (pairs.size() + rows - 1) / rows;
    lines.add(beside(blocks, index -> heading(this::year)));
    lines.add(beside(blocks, index -> heading(this::letter)));
    for (int row = 0; row < rows; row++) {
      int first = row;
      lines.add(
          beside(
              blocks,
              index ->
                  first + index * rows < pairs.size()
                      ? pair(pairs.get(first + index * rows))
                      : AttributedString.EMPTY));
    }
    return lines;
  }

  private String title() {
    String cell =
        marks == 1 && families.size() > 1
            ? "the worst of " + Quantity.of(families.size(), "family")
            : String.join(" ", families);
    String hidden =
        earlier + later == 0
            ? ""
            : " (%s earlier, %d later)".formatted(Quantity.of(earlier, "month"), later);
    return "%s to %s, a cell a month: %s%s"
        .formatted(months.get(0), months.get(months.size() - 1), cell, hidden);
  }

  /** Whoever has none of what is rare is spared the word. */
  private AttributedString legend() {
    AttributedStringBuilder line = new AttributedStringBuilder();
    for (Mark mark : Mark.values()) {
      if (!RARE.contains(mark) || byName.values().stream().anyMatch(p -> Mark.of(p) == mark)) {
        line.styled(mark.style(), Character.toString(mark.sign())).append(" " + mark.text() + "  ");
      }
    }
    return line.toAttributedString();
  }

  private AttributedString pair(String pair) {
    AttributedStringBuilder line = new AttributedStringBuilder();
    line.append(pair).append(" ".repeat(label - pair.length()));
    for (int i = 0; i < months.size(); i++) {
      YearMonth month = months.get(i);
      line.append(i > 0 && startsYear(month) ? " " : "");
      List<Mark> own =
          families.stream()
              .map(family -> Mark.of(byName.get(family + " " + pair + " " + month)))
              .toList();
      for (Mark mark : marks == families.size() ? own : List.of(Mark.worst(own.stream()))) {
        line.styled(mark.style(), Character.toString(mark.sign()));
      }
    }
    return line.toAttributedString();
  }

  /** What stands above the months, in so much room as each has: a blank before each year, too. */
  private AttributedString heading(IntFunction<String> above) {
    StringBuilder line = new StringBuilder(" ".repeat(label));
    for (int i = 0; i < months.size(); i++) {
      int at = label + width(months.subList(0, i + 1), marks) - marks;
      String text = above.apply(i);
      if (!text.isEmpty()) {
        line.append(" ".repeat(Math.max(0, at - line.length()))).append(text);
      }
    }
    return new AttributedString(line.toString(), AttributedStyle.BOLD);
  }

  private String letter(int index) {
    return months.get(index).getMonth().name().substring(0, 1);
  }

  /** The year above its first month, as much of it as there is room for before the next. */
  private String year(int index) {
    YearMonth month = months.get(index);
    if (index > 0 && !startsYear(month)) {
      return "";
    }
    int inYear = Math.min(months.size() - index, 13 - month.getMonthValue());
    String year = Integer.toString(month.getYear());
    int room = inYear * marks;
    return room >= year.length() ? year : room > 1 ? year.substring(2) : "";
  }

  private static boolean startsYear(YearMonth month) {
    return month.getMonthValue() == 1;
  }

  private AttributedString beside(int blocks, IntFunction<AttributedString> block) {
    int width = label + width(months, marks) + GAP;
    AttributedStringBuilder line = new AttributedStringBuilder();
    for (int i = 0; i < blocks; i++) {
      AttributedString text = block.apply(i);
      if (text.length() > 0) {
        line.append(" ".repeat(i * width - line.length())).append(text);
      }
    }
    return line.toAttributedString();
  }

  private static int width(List<YearMonth> months, int marks) {
    long years = months.stream().skip(1).filter(Grid::startsYear).count();
    return (int) (months.size() * marks + years);
  }

  /** All months from the first to the last, those that nobody has bars of, too. */
  private static List<YearMonth> months(List<PartitionFact> partitions) {
    List<YearMonth> months = new ArrayList<>();
    YearMonth last =
        partitions.stream().map(PartitionFact::month).max(YearMonth::compareTo).orElse(null);
    YearMonth month =
        partitions.stream().map(PartitionFact::month).min(YearMonth::compareTo).orElse(null);
    while (month != null && !month.isAfter(last)) {
      months.add(month);
      month = month.plusMonths(1);
    }
    return months;
  }
}
