package org.bqx.imports;

import java.util.Collection;
import java.util.Currency;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.terminal.Printable;

/**
 * Finds the pair that a name tells. A pair is a word of its own: {@code EURUSDT} is another symbol,
 * and so is one of two currencies that no pair here has. Small letters behind capitals are a
 * broker's kind of account: {@code EURUSDm}.
 */
final class Symbols {
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final Pattern LETTERS = Pattern.compile("\\p{L}+");
  private static final Pattern ACCOUNT = Pattern.compile("([A-Z]+)[a-z]+");

  /** Folders that say when, or how much, and not what: {@code EURUSD/2019/01/04}. */
  private static final Pattern BETWEEN =
      Pattern.compile("\\d+|minutes?|seconds?|ticks?|m1|1m|1min|bars|candles|quotes?|bid|ask");

  private static final Set<String> CURRENCIES =
      Stream.concat(
              Currency.getAvailableCurrencies().stream().map(Currency::getCurrencyCode),
              Stream.of("BTC", "ETH", "LTC", "XRP", "BCH", "USDT", "USDC", "CNH"))
          .map(code -> code.toLowerCase(Locale.ROOT))
          .collect(Collectors.toUnmodifiableSet());

  private final Collection<String> pairs;
  private final Set<String> known = new LinkedHashSet<>();
  private final Set<String> unknown = new LinkedHashSet<>();

  private Symbols(Collection<String> pairs) {
    this.pairs = pairs;
  }

  /**
   * Returns the pair that a file's names tell: the file's own, or, where that has no symbol at all,
   * the name of the archive around it, or a folder whose whole name is a pair.
   *
   * @param pairs the pairs there are
   * @throws Failure when none of them tells a pair, or one tells two, or an unknown one
   */
  static String pairOf(SourceName name, Collection<String> pairs) {
    for (int i = name.paths().size() - 1; i >= 0; i--) {
      String path = name.paths().get(i);
      Symbols symbols = new Symbols(pairs);
      symbols.find(FileNames.last(path));
      String pair = symbols.only(name);
      if (pair == null) {
        pair = ofFolders(path, pairs);
      }
      if (pair != null) {
        return pair;
      }
    }
    throw untold(name, "names no pair");
  }

  /**
   * Returns the pair of a symbol in a file: {@code EUR/USD}, {@code EURUSD=X}, {@code C:EURUSD}.
   *
   * @throws Failure when there is no such pair
   */
  static String pairOfSymbol(String symbol, Collection<String> pairs) {
    Symbols symbols = new Symbols(pairs);
    symbols.find(symbol);
    if (symbols.known.size() == 1 && symbols.unknown.isEmpty()) {
      return symbols.known.iterator().next();
    }
    throw unknown(symbol);
  }

  /** Returns a symbol that a file's name tells, null when it tells this pair or none. */
  static String other(String name, String pair, Collection<String> pairs) {
    Symbols symbols = new Symbols(pairs);
    symbols.find(name);
    if (symbols.known.contains(pair)) {
      return null;
    }
    return Stream.concat(symbols.known.stream(), symbols.unknown.stream()).findFirst().orElse(null);
  }

  /** Returns whether a text names this pair, and no other symbol. */
  static boolean names(String text, String pair, Collection<String> pairs) {
    Symbols symbols = new Symbols(pairs);
    symbols.find(text);
    return symbols.known.equals(Set.of(pair)) && symbols.unknown.isEmpty();
  }

  /** Returns what is said of a pair that is not there. */
  static Failure unknown(String symbol) {
    String pair = NO_WORD.matcher(symbol).replaceAll("").toLowerCase(Locale.ROOT);
    return new Failure(
        ExitCode.USAGE,
        "pair %s does not exist".formatted(Printable.quoted(symbol)),
        pair.matches("[a-z0-9]{4,10}")
            ? "add it: ./bqx psql -c \"SELECT bqx.add_pair('%s')\"".formatted(pair)
            : "list the pairs: ./bqx psql -c 'SELECT pair FROM bqx.pair'");
  }

  private String only(SourceName name) {
    if (known.size() + unknown.size() > 1) {
      List<String> all = Stream.concat(known.stream(), unknown.stream()).toList();
      throw untold(name, "names both %s and %s".formatted(all.get(0), all.get(1)));
    }
    if (!unknown.isEmpty()) {
      throw unknown(unknown.iterator().next());
    }
    return known.isEmpty() ? null : known.iterator().next();
  }

  private void find(String name) {
    String[] words = NO_WORD.split(name);
    for (int i = 0; i < words.length; i++) {
      String next = i + 1 < words.length ? words[i + 1] : "";
      if (pairs.contains(lower(words[i]))) {
        known.add(lower(words[i]));
      } else if (isCurrency(words[i]) && isCurrency(next)) {
        add(words[i] + next);
        i++;
      } else {
        LETTERS.matcher(words[i]).results().forEach(letters -> addWord(letters.group()));
      }
    }
  }

  private void addWord(String word) {
    var account = ACCOUNT.matcher(word);
    if (account.matches() && pairs.contains(lower(account.group(1)))) {
      known.add(lower(account.group(1)));
    } else if (pairs.contains(lower(word)) || isSymbol(lower(word))) {
      add(word);
    }
  }

  private void add(String symbol) {
    if (pairs.contains(lower(symbol))) {
      known.add(lower(symbol));
    } else {
      unknown.add(symbol);
    }
  }

  /** Returns whether a word is two currencies, or has a pair in it. */
  private boolean isSymbol(String word) {
    return pairs.stream().anyMatch(word::contains)
        || word.length() >= 6 && isCurrency(word.substring(0, 3)) && isCurrency(word.substring(3));
  }

  private static boolean isCurrency(String word) {
    return CURRENCIES.contains(lower(word));
  }

  private static String ofFolders(String path, Collection<String> pairs) {
    String[] folders = path.split("/");
    for (int i = folders.length - 2; i >= 0; i--) {
      String pair = lower(folders[i]).replaceAll("[-_ ]", "");
      if (pairs.contains(pair)) {
        return pair;
      }
      if (!BETWEEN.matcher(lower(folders[i])).matches()) {
        return null;
      }
    }
    return null;
  }

  private static Failure untold(SourceName name, String why) {
    return new Failure(
        ExitCode.USAGE,
        "cannot tell the pair of %s: it %s".formatted(Printable.of(name.text()), why),
        "name it: --pair eurusd");
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
