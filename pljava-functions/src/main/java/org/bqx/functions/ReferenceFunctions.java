package org.bqx.functions;

import java.sql.SQLException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.bqx.kernel.Bars;
import org.bqx.kernel.Family;
import org.bqx.kernel.FamilyRows;
import org.bqx.reference.Reference;
import org.bqx.reference.References;
import org.bqx.reference.RowRules;

/**
 * The functions {@code bqx.feature_reference}, {@code bqx.rows_hold} and {@code bqx.check_rows},
 * for verification.
 */
public final class ReferenceFunctions {

  private static final double RELATIVE = 1e-9;

  static {
    JarClasses.load();
  }

  private ReferenceFunctions() {}

  /**
   * Rows of a family by its reference, independent of the kernel.
   *
   * @param family its name
   * @param inputs as of {@link FeatureFunctions#featureRows}
   * @param bars as there
   * @param windows as there
   * @param positions bars that get a row, counted from 1, in any order
   * @return a row for each position, computed as it is asked for, with the elements of {@link
   *     FeatureFunctions#featureRows}
   * @throws SQLException 22004 for a null argument, 22023 for one out of range, QX005 for values
   *     that the family cannot take
   */
  public static Iterator<double[]> featureReference(
      String family, double[] inputs, Integer bars, int[] windows, int[] positions)
      throws SQLException {
    Arguments.checkNotNull("family", family);
    Arguments.checkNotNull("inputs", inputs);
    Arguments.checkNotNull("bars", bars);
    Arguments.checkNotNull("windows", windows);
    Arguments.checkNotNull("positions", positions);
    Family known = Arguments.family(family);
    Bars checked = Arguments.bars(known, inputs, bars);
    Arguments.checkWindows(known, windows);
    Arguments.checkPositions(positions, bars);
    Arguments.checkValues(known, checked);
    return new ReferenceRows(References.of(family), checked, windows, positions);
  }

  /**
   * Whether a value is no further from the reference's than 1e-9 of that, or than a tolerance. A
   * NaN is near nothing.
   */
  public static boolean isNear(double value, double reference, double tolerance) {
    return value == reference
        || Math.abs(value - reference) <= Math.max(RELATIVE * Math.abs(reference), tolerance);
  }

  /**
   * Whether rows keep a family's rules.
   *
   * @param family its name
   * @param rows stored rows of consecutive bars, one after the other, each rate_index and the
   *     family's columns; without any, the result tells whether its rules are known here
   * @param inputs as of {@link FeatureFunctions#featureRows}
   * @param windows as there
   * @param skip bars before that of the first row, the longest window at least
   * @return true if all rules hold in all rows; false where one does not, or may not; null for a
   *     family whose rules are not known here
   * @throws SQLException 22004 for a null argument
   */
  public static Boolean rowsHold(
      String family, double[] rows, double[] inputs, int[] windows, Integer skip)
      throws SQLException {
    Arguments.checkNotNull("family", family);
    Arguments.checkNotNull("rows", rows);
    Arguments.checkNotNull("inputs", inputs);
    Arguments.checkNotNull("windows", windows);
    Arguments.checkNotNull("skip", skip);
    return RowRules.has(family) ? RowRules.hold(family, rows, 0, 0, inputs, windows, skip) : null;
  }

  /**
   * Looks at stored rows of a month, all of them or one part after the other.
   *
   * @param family its name
   * @param rows the stored rows in the order in which they lie, one after the other, each its time,
   *     rate_index and the family's columns, NaN for NULL
   * @param times one a bar, in microseconds, as those of the rows
   * @param inputs as of {@link FeatureFunctions#featureRows}
   * @param bars as there
   * @param windows as there
   * @param skip as there
   * @param tail as there
   * @param averaged elements of a row, 1 being rate_index, whose averages are wanted
   * @param before what the call for the rows before these gave; empty for the first
   * @param rules whether each row that has the bars of all windows before it must keep its family's
   *     rules, as of {@link #rowsHold}
   * @param bits whether each row must have the bits that {@link FeatureFunctions#featureRows} gives
   *     now; a NaN is as good as another, or as an element that is not there
   * @param sampled rows, counted from 1 at the first of the month, that must be near those of
   *     {@link #featureReference} from these bars; those of other parts are not looked at
   * @param tolerances of each of the family's columns, as of {@link #isNear}; empty where no row is
   *     sampled
   * @return null if a row is missing or too many, lies elsewhere, has another time or rate_index
   *     than its bar, is not of a full minute, or is not as it must be; else, of these rows and
   *     those before, their number, the lowest and the highest rate_index, and of each averaged
   *     element the sum of what is not NaN and how many that are
   * @throws SQLException 22004 for a null argument, 22023 for one out of range, QX005 for values
   *     that the family cannot take
   */
  public static double[] checkRows(
      String family,
      double[] rows,
      double[] times,
      double[] inputs,
      Integer bars,
      int[] windows,
      Integer skip,
      Integer tail,
      int[] averaged,
      double[] before,
      Boolean rules,
      Boolean bits,
      int[] sampled,
      double[] tolerances)
      throws SQLException {
    Arguments.checkNotNull("rows", rows);
    Arguments.checkNotNull("times", times);
    Arguments.checkNotNull("averaged", averaged);
    Arguments.checkNotNull("before", before);
    Arguments.checkNotNull("rules", rules);
    Arguments.checkNotNull("bits", bits);
    Arguments.checkNotNull("sampled", sampled);
    Arguments.checkNotNull("tolerances", tolerances);
    FamilyRows computed = FeatureFunctions.familyRows(family, inputs, bars, windows, skip, tail);
    StoredRows stored = new StoredRows(rows, computed.width(), bars - skip - tail);
    int longest = windows.length == 0 ? 0 : windows[windows.length - 1];
    int young = Math.max(longest - skip, 0);
    Arguments.checkElements("averaged", averaged, computed.width());
    Arguments.checkBefore(before, StoredRows.factsOf(averaged));
    Arguments.checkTolerances(tolerances, sampled.length == 0 ? 0 : computed.width() - 1);
    Bars known = new Bars(inputs, bars);
    if (!stored.areOf(inputs, times, bars, skip)
        || (rules
            && !(RowRules.has(family)
                && RowRules.hold(family, rows, 1, young, inputs, windows, skip)))
        || (bits && !stored.areSameAs(computed))
        || !stored.areNear(
            row -> References.of(family).row(known, skip + row, windows),
            sampled,
            before.length > 0 ? (int) before[0] : 0,
            tolerances)) {
      return null;
    }
    return stored.facts(averaged, before);
  }

  private static final class ReferenceRows implements Iterator<double[]> {

    private final Reference reference;
    private final Bars bars;
    private final int[] windows;
    private final int[] positions;
    private int next;

    ReferenceRows(Reference reference, Bars bars, int[] windows, int[] positions) {
      this.reference = reference;
      this.bars = bars;
      this.windows = windows;
      this.positions = positions;
    }

    @Override
    public boolean hasNext() {
      return next < positions.length;
    }

    @Override
    public double[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no row after position " + positions.length);
      }
      return reference.row(bars, positions[next++] - 1, windows);
    }
  }
}
