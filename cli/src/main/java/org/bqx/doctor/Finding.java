package org.bqx.doctor;

import java.util.List;

/**
 * What one check found.
 *
 * @param check what was looked at
 * @param level ok, unknown, warning or error; an error makes the doctor's exit code 1
 * @param message what is there, or what is wrong
 * @param next the command to type, null when nothing is to be done
 */
public record Finding(String check, String level, String message, String next) {
  /** As it should be. */
  public static final String OK = "ok";

  /** Cannot be seen from here, or by this role. */
  public static final String UNKNOWN = "unknown";

  /** Works, but could be better. */
  public static final String WARNING = "warning";

  /** Does not work, or gives nothing to work on. */
  public static final String ERROR = "error";

  private static final int LISTED = 5;

  static Finding ok(String check, String message) {
    return new Finding(check, OK, message, null);
  }

  static Finding unknown(String check, String message) {
    return new Finding(check, UNKNOWN, message, null);
  }

  static Finding warning(String check, String message, String next) {
    return new Finding(check, WARNING, message, next);
  }

  static Finding error(String check, String message, String next) {
    return new Finding(check, ERROR, message, next);
  }

  /** Returns the first few, joined by commas, and how many more there are. */
  static String some(List<String> all) {
    return String.join(", ", all.subList(0, Math.min(LISTED, all.size())))
        + (all.size() > LISTED ? " and %d more".formatted(all.size() - LISTED) : "");
  }

  /** Returns this with another command to type. */
  public Finding withNext(String command) {
    return new Finding(check, level, message, command);
  }

  /** Returns whether something is wrong. */
  public boolean isError() {
    return level.equals(ERROR);
  }
}
