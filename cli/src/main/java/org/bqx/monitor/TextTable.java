package org.bqx.monitor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * A table whose columns are as wide as their cells, and of which those that matter least are left
 * out where the screen is narrow.
 */
final class TextTable {
  /** A column that stays, however narrow the screen. */
  static final int KEPT = 0;

  /**
   * @param name its heading
   * @param width the least; negative for text, which stands left
   * @param given which columns are left out first: the highest; {@link #KEPT} never
   */
  private record Column(String name, int width, int given) {}

  private record Row(AttributedStyle last, List<String> cells) {}

  private final List<Column> columns = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();

  /**
   * Adds a column.
   *
   * @param width the least; negative for text, which stands left
   * @param given which columns are left out first: the highest; {@link #KEPT} never
   */
  TextTable column(String name, int width, int given) {
    columns.add(new Column(name, width, given));
    return this;
  }

  /**
   * Adds a row.
   *
   * @param last how its last cell looks
   */
  void row(AttributedStyle last, String... cells) {
    rows.add(new Row(last, List.of(cells)));
  }

  /**
   * Returns the heading and the rows, no wider than asked while that needs no column that stays.
   */
  List<AttributedString> render(int screen) {
    List<Integer> shown = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      shown.add(i);
    }
    Optional<Integer> least = leastOf(shown);
    while (width(shown) > screen && least.isPresent()) {
      shown.remove(least.get());
      least = leastOf(shown);
    }
    List<AttributedString> lines = new ArrayList<>();
    lines.add(
        line(
            shown,
            columns.stream().map(Column::name).toList(),
            AttributedStyle.BOLD,
            AttributedStyle.BOLD));
    for (Row row : rows) {
      lines.add(line(shown, row.cells(), AttributedStyle.DEFAULT, row.last()));
    }
    return lines;
  }

  private Optional<Integer> leastOf(List<Integer> shown) {
    return shown.stream()
        .filter(i -> columns.get(i).given() != KEPT)
        .max(Comparator.comparing(i -> columns.get(i).given()));
  }

  private int width(List<Integer> shown) {
    return shown.stream().mapToInt(this::width).sum() + shown.size() - 1;
  }

  private int width(int column) {
    int widest = rows.stream().mapToInt(row -> row.cells().get(column).length()).max().orElse(0);
    Column one = columns.get(column);
    return Math.max(Math.max(Math.abs(one.width()), one.name().length()), widest);
  }

  private AttributedString line(
      List<Integer> shown, List<String> cells, AttributedStyle style, AttributedStyle last) {
    AttributedStringBuilder line = new AttributedStringBuilder();
    int end = shown.get(shown.size() - 1);
    for (int i : shown) {
      String cell = cells.get(i);
      String blanks = " ".repeat(width(i) - cell.length());
      boolean isText = columns.get(i).width() < 0;
      String padded = isText ? (i == end ? cell : cell + blanks) : blanks + cell;
      line.styled(i == columns.size() - 1 ? last : style, padded);
      if (i != end) {
        line.append(' ');
      }
    }
    return line.toAttributedString();
  }
}
