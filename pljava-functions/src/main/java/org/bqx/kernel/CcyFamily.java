package org.bqx.kernel;

import java.util.Arrays;
import java.util.List;

/**
 * Strengths of the eight currencies, by least squares over the pairs that have a value. A bar is a
 * minute of the market. Inputs are x, which is 100, and for each two currencies in alphabetical
 * order the x of their pair's last bar, negative where the pair is the second currency in the
 * first; NaN where there is none that counts.
 *
 * <p>Strengths s minimise the sum over the pairs of (y(b,q) - (s(b) - s(q)))&sup2;, y being
 * ln(x/100), and their sum is 0; the index of a currency is 100 exp(s). With all 28 pairs the
 * normal matrix is 8 - J, J all ones, and s(c) is an eighth of the sum of &plusmn;y over the pairs
 * of c. Else the normal equations of the currencies that occur are solved by Cholesky's
 * decomposition with the last of them, the dollar if it occurs, held at 0, and the mean is taken
 * away.
 *
 * <p>A currency occurs from the first bar on at which a pair of it has a value. Where the pairs
 * with a value do not connect all that occur, nothing but their number is defined.
 */
final class CcyFamily implements Family {

  private static final String[] NAMES = {"aud", "cad", "chf", "eur", "gbp", "jpy", "nzd", "usd"};
  private static final int CURRENCIES = NAMES.length;
  private static final int PAIRS = CURRENCIES * (CURRENCIES - 1) / 2;
  private static final int FIRST_PAIR = 1;

  @Override
  public String name() {
    return "ccy";
  }

  @Override
  public int revision() {
    // The bits are those of revision 1, which read more than it used.
    return 2;
  }

  @Override
  public List<String> inputNames() {
    return List.of("rate_index");
  }

  @Override
  public int inputs() {
    return FIRST_PAIR + PAIRS;
  }

  @Override
  public String inputName(int input) {
    int pair = FIRST_PAIR;
    for (int i = 0; i < CURRENCIES; i++) {
      for (int j = i + 1; j < CURRENCIES; j++) {
        if (pair++ == input) {
          return "rate_index of the pair of " + NAMES[i] + " and " + NAMES[j];
        }
      }
    }
    return "rate_index";
  }

  @Override
  public int shortestWindow() {
    return 0;
  }

  @Override
  public String defect(Bars bars) {
    for (int pair = 0; pair < PAIRS; pair++) {
      int input = FIRST_PAIR + pair;
      for (int bar = 0; bar < bars.count(); bar++) {
        if (bars.at(input, bar) == 0) {
          return inputName(input)
              + " is 0.0 at bar "
              + (bar + 1)
              + ": must be positive or negative";
        }
      }
    }
    return null;
  }

  @Override
  public List<Columns> columns(Bars bars, int[] windows) {
    return List.of(new Strengths(bars));
  }

  private static final class Strengths extends BarColumns {
    private final double[] values;
    private final int bars;

    /** Of each pair: its first and its second currency, and y in that direction. */
    private final int[] first = new int[PAIRS];

    private final int[] second = new int[PAIRS];
    private final double[] y = new double[PAIRS];

    private final boolean[] occurs = new boolean[CURRENCIES];

    /** The currencies that occur, and the place of each among them. */
    private final int[] places = new int[CURRENCIES];

    private final int[] component = new int[CURRENCIES];
    private final double[][] normal = new double[CURRENCIES][CURRENCIES];
    private final double[] strengths = new double[CURRENCIES];

    Strengths(Bars bars) {
      super(
          0,
          "ccy_aud_index",
          "ccy_cad_index",
          "ccy_chf_index",
          "ccy_eur_index",
          "ccy_gbp_index",
          "ccy_jpy_index",
          "ccy_nzd_index",
          "ccy_usd_index",
          "ccy_pairs",
          "ccy_rms");
      values = bars.values();
      this.bars = bars.count();
      int pair = 0;
      for (int i = 0; i < CURRENCIES; i++) {
        for (int j = i + 1; j < CURRENCIES; j++) {
          first[pair] = i;
          second[pair] = j;
          pair++;
        }
      }
    }

    @Override
    void reset() {
      Arrays.fill(occurs, false);
    }

    @Override
    void take(int bar) {
      for (int pair = 0; pair < PAIRS; pair++) {
        if (!Double.isNaN(index(pair, bar))) {
          occurs[first[pair]] = true;
          occurs[second[pair]] = true;
        }
      }
    }

    private double index(int pair, int bar) {
      return values[(FIRST_PAIR + pair) * bars + bar];
    }

    @Override
    void write(int bar, double[] row, int offset) {
      int count = 0;
      for (int pair = 0; pair < PAIRS; pair++) {
        double index = index(pair, bar);
        y[pair] = Math.signum(index) * StrictMath.log1p((Math.abs(index) - 100) / 100);
        count += Double.isNaN(index) ? 0 : 1;
      }
      if (count == PAIRS) {
        sumPairs();
        divide();
      } else if (isConnected()) {
        solve();
      } else {
        Arrays.fill(strengths, Double.NaN);
      }
      for (int currency = 0; currency < CURRENCIES; currency++) {
        row[offset + currency] = 100 * StrictMath.exp(strengths[currency]);
      }
      row[offset + CURRENCIES] = count;
      row[offset + CURRENCIES + 1] = 1e4 * Math.sqrt(squares() / count);
    }

    /** For each currency the sum of y over its pairs, negative where it is the second. */
    private void sumPairs() {
      Arrays.fill(strengths, 0);
      for (int pair = 0; pair < PAIRS; pair++) {
        if (!Double.isNaN(y[pair])) {
          strengths[first[pair]] += y[pair];
          strengths[second[pair]] -= y[pair];
        }
      }
    }

    private void divide() {
      for (int currency = 0; currency < CURRENCIES; currency++) {
        strengths[currency] /= CURRENCIES;
      }
    }

    /** Whether pairs with a value lead from each currency that occurs to each other. */
    private boolean isConnected() {
      for (int currency = 0; currency < CURRENCIES; currency++) {
        component[currency] = currency;
      }
      for (int pair = 0; pair < PAIRS; pair++) {
        if (!Double.isNaN(y[pair])) {
          join(component[first[pair]], component[second[pair]]);
        }
      }
      int common = -1;
      for (int currency = 0; currency < CURRENCIES; currency++) {
        if (occurs[currency] && common >= 0 && component[currency] != common) {
          return false;
        }
        common = occurs[currency] ? component[currency] : common;
      }
      return common >= 0;
    }

    private void join(int one, int other) {
      for (int currency = 0; currency < CURRENCIES; currency++) {
        if (component[currency] == other) {
          component[currency] = one;
        }
      }
    }

    /** The normal equations of all currencies that occur but the last, whose strength is 0. */
    private void solve() {
      int size = 0;
      for (int currency = 0; currency < CURRENCIES; currency++) {
        places[currency] = size;
        size += occurs[currency] ? 1 : 0;
        Arrays.fill(normal[currency], 0);
      }
      for (int pair = 0; pair < PAIRS; pair++) {
        if (!Double.isNaN(y[pair])) {
          int one = places[first[pair]];
          int other = places[second[pair]];
          normal[one][one]++;
          normal[other][other]++;
          normal[other][one]--;
        }
      }
      sumPairs();
      double[] solution = new double[size];
      for (int currency = 0; currency < CURRENCIES; currency++) {
        if (occurs[currency]) {
          solution[places[currency]] = strengths[currency];
        }
      }
      int unknowns = size - 1;
      solution[unknowns] = 0;
      decompose(unknowns);
      substitute(unknowns, solution);
      double sum = 0;
      for (int i = 0; i < unknowns; i++) {
        sum += solution[i];
      }
      double mean = sum / size;
      for (int currency = 0; currency < CURRENCIES; currency++) {
        strengths[currency] = occurs[currency] ? solution[places[currency]] - mean : Double.NaN;
      }
    }

    /** Cholesky: the lower triangle of the normal matrix becomes L with L L' = N. */
    private void decompose(int size) {
      for (int i = 0; i < size; i++) {
        for (int j = 0; j <= i; j++) {
          double sum = normal[i][j];
          for (int k = 0; k < j; k++) {
            sum -= normal[i][k] * normal[j][k];
          }
          normal[i][j] = i == j ? Math.sqrt(sum) : sum / normal[j][j];
        }
      }
    }

    private void substitute(int size, double[] solution) {
      for (int i = 0; i < size; i++) {
        for (int k = 0; k < i; k++) {
          solution[i] -= normal[i][k] * solution[k];
        }
        solution[i] /= normal[i][i];
      }
      for (int i = size - 1; i >= 0; i--) {
        for (int k = i + 1; k < size; k++) {
          solution[i] -= normal[k][i] * solution[k];
        }
        solution[i] /= normal[i][i];
      }
    }

    private double squares() {
      double squares = 0;
      for (int pair = 0; pair < PAIRS; pair++) {
        if (!Double.isNaN(y[pair])) {
          double residual = y[pair] - (strengths[first[pair]] - strengths[second[pair]]);
          squares += residual * residual;
        }
      }
      return squares;
    }
  }
}
