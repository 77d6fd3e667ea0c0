package org.bqx.connection;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;

/**
 * Runs psql on this process's terminal. Passwords reach it by file or environment, never by argv.
 */
public final class Psql {
  private final Map<String, String> environment;
  private final List<String> connection;

  private Psql(Map<String, String> environment, List<String> connection) {
    this.environment = environment;
    this.connection = connection;
  }

  /** psql on the server that the options and the environment name: libpq reads the environment. */
  public static Psql on(ConnectionOptions options) {
    List<String> arguments = new ArrayList<>();
    add(arguments, "-h", options.host());
    add(arguments, "-p", options.port());
    add(arguments, "-U", options.user());
    add(arguments, "-d", options.database());
    return new Psql(
        options.service() == null ? Map.of() : Map.of("PGSERVICE", options.service()), arguments);
  }

  /** psql on the embedded server, which is started when it does not run. */
  public static Psql on(EmbeddedServer server) {
    return new Psql(server.environment(), List.of());
  }

  /**
   * Runs psql until it ends.
   *
   * @param arguments passed on as they are
   * @return psql's exit code
   */
  public int run(List<String> arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("psql"));
    command.addAll(connection);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(environment);
    try {
      return builder.start().waitFor();
    } catch (IOException missing) {
      throw new Failure(
          ExitCode.FAILED,
          "cannot run psql: %s".formatted(missing.getMessage()),
          "install it: apt-get install postgresql-client",
          missing);
    }
  }

  private static void add(List<String> arguments, String option, Object value) {
    if (value != null) {
      arguments.add(option);
      arguments.add(value.toString());
    }
  }
}
