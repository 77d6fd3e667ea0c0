package org.bqx.connection;

import java.sql.SQLException;
import java.util.function.Function;
import org.bqx.failure.Failure;

/** Asks for a password where the server does and none is given. */
public final class PasswordPrompt {
  /** What the driver says when it has no password for a server that wants one. */
  private static final String CONNECTION_REJECTED = "08004";

  private PasswordPrompt() {}

  /**
   * Returns the settings with the password that the server wants, where they and {@code ~/.pgpass}
   * have none.
   *
   * @param ask shows its argument and returns what is typed, null at the end of input
   * @throws Failure when there is no connection for another reason
   */
  public static ConnectionSettings complete(
      ConnectionSettings settings, Function<String, char[]> ask) {
    if (settings.extra().containsKey("password")) {
      return settings;
    }
    try (Database database = new Database(settings, "bqx")) {
      database.checkConnection();
      return settings;
    } catch (Failure refused) {
      if (!(refused.getCause() instanceof SQLException reason)
          || !CONNECTION_REJECTED.equals(reason.getSQLState())) {
        throw refused;
      }
      char[] typed = ask.apply("Password for user %s: ".formatted(settings.user()));
      if (typed == null) {
        throw refused;
      }
      return settings.withPassword(new String(typed));
    }
  }
}
