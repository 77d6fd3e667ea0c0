package org.bqx.cli;

import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bqx.connection.ConnectionOptions;
import org.bqx.connection.Rights;

/**
 * Commands to type next, with the connection options of this call: typed as shown, in this shell,
 * they reach the server that this call reached. Where the role of this call may not take the step,
 * the text says who may, and the commands name no role.
 */
final class NextCommands {
  /** A command in a text; those of the embedded server or of no server take no connection. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?<![^\\s(`])\\./bqx (?!(?:bench|completion|self-check|stop|test|up)\\b)[a-z]+\\b(?! [^;&|]*--help)");

  /** The server's hints are sentences, whose full stop a shell takes for a part of the command. */
  private static final Pattern FULL_STOP = Pattern.compile("(?<=\\./bqx [a-z0-9 =-]{1,99})\\.$");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:,@%+=-]+");

  /** Whose a step is, the one with most rights first, and how its steps are known. */
  private enum Actor {
    SUPERUSER("a superuser", Rights::isSuperuser, "\\b(?:ALTER SYSTEM|CREATE EXTENSION) "),
    MIGRATOR(
        "a superuser",
        Rights::migrates,
        "\\./bqx migrate\\b(?!.*--(?:info|engine|front))|bqx\\.flyway_schema_history"),
    DATABASE_OWNER("the database's owner", Rights::ownsDatabase, "\\bALTER DATABASE "),
    SCHEMA_OWNER(
        "a superuser or a member of bqx_owner",
        Rights::ownsSchema,
        "bqx\\.(?:define_family|enable_family|remove_pair|drop_months)\\(|\\bANALYZE bqx\\."
            + "|\\./bqx node (?:add|change|drop|place|move)\\b|\\./bqx families --(?:en|dis)able"),
    RUNNER(
        "a member of bqx_runner",
        Rights::computes,
        "\\./bqx (?:backfill|correlate|generate|import|matrix (?:define|drop)|gaps --acknowledge)\\b"
            + "|bqx\\.(?:backfill|backfill_range|set_baseline|add_pair|create_months|recount_bars"
            + "|define_correlation|define_matrix|drop_matrix)\\(");

    private final String name;
    private final Predicate<Rights> mayAct;
    private final Pattern steps;

    Actor(String name, Predicate<Rights> mayAct, String steps) {
      this.name = name;
      this.mayAct = mayAct;
      this.steps = Pattern.compile(steps);
    }
  }

  /** A text that says itself whose step it is. */
  private static final Pattern SAID =
      Pattern.compile("\\bas (?:a superuser|a member|the database's owner|bqx_owner)\\b|--help\\b");

  /** Where a step begins: what stands before it says what it is for. */
  private static final Pattern STEP =
      Pattern.compile(
          "(?<![^\\s(`])\\./bqx |\\b(?:ALTER|ANALYZE|CALL|CREATE|DELETE|SELECT) (?=[A-Za-z*])");

  private final String options;
  private final String optionsOfOthers;
  private final Supplier<Rights> rights;

  /**
   * @param options of this call; the environment needs no repetition
   * @param rights of the role of this call, asked for where a step needs some
   */
  NextCommands(ConnectionOptions options, Supplier<Rights> rights) {
    this.options = given(options, options.user());
    this.optionsOfOthers = given(options, null);
    this.rights = rights;
  }

  private static String given(ConnectionOptions options, String user) {
    StringJoiner given = new StringJoiner(" ");
    add(given, "-h", options.host());
    add(given, "-p", options.port());
    add(given, "-U", user);
    add(given, "-d", mayHoldPassword(options.database()) ? null : options.database());
    add(given, "--service", options.service());
    return given.toString();
  }

  /**
   * Returns a text with the connection options in each command of it, and with who may take the
   * step where this role may not; null for null.
   */
  String of(String text) {
    return text == null ? null : ofCommands(FULL_STOP.matcher(text).replaceFirst(""));
  }

  private String ofCommands(String text) {
    Actor other = other(text);
    Matcher step = STEP.matcher(text);
    String said =
        other != null && step.find()
            ? text.substring(0, step.start())
                + "as "
                + other.name
                + ": "
                + text.substring(step.start())
            : text;
    String given = other == null ? options : optionsOfOthers;
    return given.isEmpty()
        ? said
        : COMMAND.matcher(said).replaceAll("$0 " + Matcher.quoteReplacement(given));
  }

  /** Returns whether a step is the schema owner's. */
  static boolean isOwners(String text) {
    return Actor.SCHEMA_OWNER.steps.matcher(text).find();
  }

  /** Returns who has to take a step that the role of this call may not take, else null. */
  private Actor other(String text) {
    if (SAID.matcher(text).find()) {
      return null;
    }
    for (Actor actor : Actor.values()) {
      if (actor.steps.matcher(text).find() && !actor.mayAct.test(rights.get())) {
        return actor;
      }
    }
    return null;
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
