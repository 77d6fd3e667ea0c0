package org.bqx.imports;

import java.util.regex.Pattern;
import org.bqx.terminal.Printable;

/**
 * Numbers as a file writes them.
 *
 * @param point what is before decimals
 * @param groups what is between thousands, 0 for nothing
 * @param currency whether a sign such as $ is around prices
 */
record Numbers(char point, char groups, boolean currency) {
  static final Numbers PLAIN = new Numbers('.', '\0', false);

  private static final Pattern GROUPED =
      Pattern.compile("[+-]?\\d{1,3}([,.' \u00a0\u202f]\\d{3})+");

  double parse(String name, String text) throws DefectException {
    String plain = currency ? withoutCurrency(text) : text;
    if (groups != 0 && plain.indexOf(groups) >= 0) {
      int end = plain.indexOf(point);
      String whole = end < 0 ? plain : plain.substring(0, end);
      if (!GROUPED.matcher(whole).matches() || end >= 0 && plain.indexOf(groups, end) >= 0) {
        throw new DefectException(name + " " + Printable.quoted(text) + " is not a number");
      }
      plain = plain.replace(String.valueOf(groups), "");
    }
    if (point == ',') {
      if (plain.indexOf('.') >= 0) {
        throw new DefectException(name + " " + Printable.quoted(text) + " is not a number");
      }
      plain = plain.replace(',', '.');
    }
    return Decimal.parse(name, plain);
  }

  static String withoutCurrency(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isCurrency(text.charAt(from))) {
      from++;
    }
    while (to > from && isCurrency(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to).strip();
  }

  static boolean isCurrency(char c) {
    return Character.getType(c) == Character.CURRENCY_SYMBOL;
  }
}
