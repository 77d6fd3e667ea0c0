package org.bqx.imports;

/** Tells by many prices how a file writes numbers: most of them decide, not a damaged one. */
final class PriceStyle {
  private static final String OTHER_GROUPS = "' \u00a0\u202f";
  private static final int SHARE = 10;

  private int all;
  private int comma;
  private int point;
  private int commaBeforeThree;
  private int provenComma;
  private int provenPoint;
  private int currency;
  private char otherGroups;

  void add(String text) {
    String plain = Numbers.withoutCurrency(text);
    currency += plain.length() < text.length() ? 1 : 0;
    all++;
    int lastComma = plain.lastIndexOf(',');
    int lastPoint = plain.lastIndexOf('.');
    if (lastComma >= 0 && lastPoint >= 0) {
      provenComma += lastComma > lastPoint ? 1 : 0;
      provenPoint += lastPoint > lastComma ? 1 : 0;
    } else if (lastComma > plain.indexOf(',')) {
      provenPoint++;
    } else if (lastPoint > plain.indexOf('.')) {
      provenComma++;
    } else if (lastComma >= 0) {
      comma++;
      commaBeforeThree += plain.length() - lastComma - 1 == 3 ? 1 : 0;
    } else if (lastPoint >= 0) {
      point++;
    }
    for (char c : OTHER_GROUPS.toCharArray()) {
      otherGroups = plain.indexOf(c) > 0 ? c : otherGroups;
    }
  }

  /**
   * Returns how numbers are written, null when commas can be before decimals or between thousands.
   *
   * @param decimal what a person says is before decimals, null for nothing
   */
  Numbers numbers(Character decimal) {
    boolean signs = currency * 2 > all;
    if (decimal != null) {
      return new Numbers(decimal, decimal == ',' ? '.' : ',', signs);
    }
    if ((provenComma + provenPoint) * SHARE > all) {
      return provenComma > provenPoint
          ? new Numbers(',', '.', signs)
          : new Numbers('.', ',', signs);
    }
    if (comma <= point) {
      return new Numbers('.', otherGroups, signs);
    }
    return (comma - commaBeforeThree) * SHARE < comma ? null : new Numbers(',', otherGroups, signs);
  }
}
