package org.bqx.cli;

import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bqx.connection.ConnectionOptions;

/**
 * Commands to type next, with the connection options of this call: typed as shown, in this shell,
 * they reach the server that this call reached.
 */
final class NextCommands {
  /** A command in a text; those of the embedded server or of no server take no connection. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?<![^\\s(`])\\./bqx (?!(?:bench|completion|self-check|stop|test|up)\\b)[a-z]+\\b(?! [^;&|]*--help)");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:,@%+=-]+");

  private final String options;

  /**
   * @param options of this call; the environment needs no repetition
   */
  NextCommands(ConnectionOptions options) {
    StringJoiner given = new StringJoiner(" ");
    add(given, "-h", options.host());
    add(given, "-p", options.port());
    add(given, "-U", options.user());
    add(given, "-d", mayHoldPassword(options.database()) ? null : options.database());
    add(given, "--service", options.service());
    this.options = given.toString();
  }

  /** Returns a text with the connection options in each command of it; null for null. */
  String of(String text) {
    return text == null || options.isEmpty()
        ? text
        : COMMAND.matcher(text).replaceAll("$0 " + Matcher.quoteReplacement(options));
  }

  private static void add(StringJoiner given, String option, Object value) {
    if (value != null) {
      given.add(option).add(quoted(value.toString()));
    }
  }

  /** For a POSIX shell. */
  private static String quoted(String value) {
    return PLAIN.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'";
  }

  /** A connection string is refused as the name of a database, and not to be shown. */
  private static boolean mayHoldPassword(String database) {
    return database != null && (database.contains("://") || database.contains("="));
  }
}
