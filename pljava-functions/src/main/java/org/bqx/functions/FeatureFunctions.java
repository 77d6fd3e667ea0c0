package org.bqx.functions;

import java.sql.SQLException;
import java.util.Iterator;
import org.bqx.kernel.AsOf;
import org.bqx.kernel.Bars;
import org.bqx.kernel.Family;
import org.bqx.kernel.FamilyRows;
import org.bqx.kernel.MergedTimes;
import org.bqx.kernel.TargetCorrelation;

/**
 * The functions {@code bqx.feature_rows}, {@code bqx.functions_version}, and those that make the
 * rows' inputs: {@code bqx.as_of}, {@code bqx.merge_times} and {@code bqx.inputs_digest}.
 */
public final class FeatureFunctions {

  static {
    JarClasses.load();
  }

  private FeatureFunctions() {}

  /**
   * Rows of a family.
   *
   * @param family its name
   * @param inputs the series of the family's inputs one after the other, {@code bars} values each,
   *     oldest first; input 1 is rate_index, NaN is an absent value of another
   * @param bars number n of consecutive bars, at least 1
   * @param windows lengths in bars, strictly ascending, none shorter than the family allows; empty
   *     if it takes none
   * @param skip number of first bars that yield no row
   * @param tail number of last bars that yield no row; skip + tail is less than n
   * @return rows of bars skip+1 ... n-tail, made as they are asked for: rate_index, then the
   *     family's columns in ascending order of the history they need, as far as it is there, NaN
   *     where undefined; the array is overwritten by the following row
   * @throws SQLException 22004 for a null argument, 22023 for one out of range, QX005 for values
   *     that the family cannot take
   */
  public static Iterator<double[]> featureRows(
      String family, double[] inputs, Integer bars, int[] windows, Integer skip, Integer tail)
      throws SQLException {
    return familyRows(family, inputs, bars, windows, skip, tail);
  }

  /** The same, for who also asks for their width. */
  static FamilyRows familyRows(
      String family, double[] inputs, Integer bars, int[] windows, Integer skip, Integer tail)
      throws SQLException {
    Arguments.checkNotNull("family", family);
    Arguments.checkNotNull("inputs", inputs);
    Arguments.checkNotNull("bars", bars);
    Arguments.checkNotNull("windows", windows);
    Arguments.checkNotNull("skip", skip);
    Arguments.checkNotNull("tail", tail);
    Family known = Arguments.family(family);
    Bars checked = Arguments.bars(known, inputs, bars);
    Arguments.checkWindows(known, windows);
    Arguments.checkSkipAndTail(skip, tail, bars);
    Arguments.checkValues(known, checked);
    return new FamilyRows(known, checked, windows, skip, tail);
  }

  /**
   * The values of other series as they were known at the times of bars.
   *
   * @param times n times, ascending, in any unit; n is at least 1
   * @param otherTimes m times of the other series in the same unit: of each a NaN, then its times
   *     in any order, of which there may be none
   * @param otherValues k columns of all series, one after the other, m values each; k is at least 1
   * @param directions of each series 1, or -1 for the first of its values to change their sign
   * @param maxAge the greatest age that counts, in the same unit; not negative, may be infinite
   * @param ages whether ages are wanted
   * @return for each series k columns of n values, those of its last bar at or before the time, of
   *     bars whose values are all finite and positive; then, if wanted, the bar's age; NaN where
   *     there is none of that age
   * @throws SQLException 22004 for a null argument, 22023 for one out of range
   */
  public static double[] asOf(
      double[] times,
      double[] otherTimes,
      double[] otherValues,
      int[] directions,
      Double maxAge,
      Boolean ages)
      throws SQLException {
    Arguments.checkNotNull("times", times);
    Arguments.checkNotNull("other_times", otherTimes);
    Arguments.checkNotNull("other_values", otherValues);
    Arguments.checkNotNull("directions", directions);
    Arguments.checkNotNull("max_age", maxAge);
    Arguments.checkNotNull("ages", ages);
    Arguments.checkTimes("times", times);
    Arguments.checkDirections(directions);
    Arguments.checkSeriesTimes("other_times", otherTimes, directions.length);
    Arguments.checkOtherValues(otherValues, otherTimes.length);
    Arguments.checkMaxAge(maxAge);
    return AsOf.align(times, otherTimes, otherValues, directions, maxAge, ages);
  }

  /**
   * The times at which one of some series has a bar.
   *
   * @param seriesTimes times of the series as {@link #asOf} takes them; at least one series
   * @param first the first time that counts
   * @return the times of all from then on, each once, ascending
   * @throws SQLException 22004 for a null argument, 22023 for one out of range
   */
  public static double[] mergeTimes(double[] seriesTimes, Double first) throws SQLException {
    Arguments.checkNotNull("series_times", seriesTimes);
    Arguments.checkNotNull("first", first);
    Arguments.checkSeriesTimes("series_times", seriesTimes);
    return MergedTimes.of(seriesTimes, first);
  }

  /**
   * SHA-256 of some bytes and of the first bars of inputs, each of these as {@code array_send} has
   * it.
   *
   * @param head bytes before those of the inputs
   * @param inputs as of {@link #featureRows}, at least one series; any values
   * @param bars number of bars of each series, at least 1
   * @param firstBars how many of them count, 0 to {@code bars}
   * @return 64 hexadecimal digits
   * @throws SQLException 22004 for a null argument, 22023 for one out of range
   */
  public static String inputsDigest(byte[] head, double[] inputs, Integer bars, Integer firstBars)
      throws SQLException {
    Arguments.checkNotNull("head", head);
    Arguments.checkNotNull("inputs", inputs);
    Arguments.checkNotNull("bars", bars);
    Arguments.checkNotNull("first_bars", firstBars);
    Arguments.checkBars(inputs, bars);
    Arguments.checkFirstBars(firstBars, bars);
    return InputsDigest.of(head, inputs, bars, firstBars);
  }

  /**
   * The revision of a family's arithmetic, or of that of {@code target_corr}: rows of equal
   * revisions have equal bits.
   *
   * @return for instance {@code revision 1}
   * @throws SQLException 22004 if the family is null, 22023 if it is not known
   */
  public static String functionsVersion(String family) throws SQLException {
    Arguments.checkNotNull("family", family);
    int revision =
        family.equals(CorrelationFunctions.NAME)
            ? TargetCorrelation.REVISION
            : Arguments.family(family).revision();
    return "revision ".concat(Integer.toString(revision));
  }
}
