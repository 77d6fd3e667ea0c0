package org.bqx.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.bqx.testkit.TestDatabase;
import org.postgresql.Driver;

/** Runs commands on a test database, in this JVM or in one of their own. */
public final class CommandLineRunner {
  /** What a command left. */
  public record Result(int code, String out, String err) {}

  private final TestDatabase database;
  private final String user;
  private final String password;
  private final Map<String, String> variables;

  /** Runs them as the superuser. */
  public CommandLineRunner(TestDatabase database) {
    this(database, Map.of());
  }

  /** Runs them as the superuser, with further variables in their environment. */
  public CommandLineRunner(TestDatabase database, Map<String, String> variables) {
    this(database, null, null, variables);
  }

  /** Runs them as a role that may log in. */
  public CommandLineRunner(TestDatabase database, String user, String password) {
    this(database, user, password, Map.of());
  }

  private CommandLineRunner(
      TestDatabase database, String user, String password, Map<String, String> variables) {
    this.database = database;
    this.user = user;
    this.password = password;
    this.variables = variables;
  }

  public Result run(String... arguments) {
    return runWithInput(new byte[0], arguments);
  }

  public Result runWithInput(byte[] input, String... arguments) {
    return run(environment(), input, arguments);
  }

  /** Runs a command with further variables in its environment. */
  public Result runWith(Map<String, String> variables, String... arguments) {
    Map<String, String> environment = new HashMap<>(environment());
    environment.putAll(variables);
    return run(environment, new byte[0], arguments);
  }

  /** Runs a command with no environment but this. */
  static Result run(Map<String, String> environment, byte[] input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            arguments,
            environment,
            new ByteArrayInputStream(input),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Starts a command in a process that Ctrl-C reaches, whatever this one was started by. */
  public Process start(File output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.addAll(command(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().putAll(environment());
    return builder.redirectErrorStream(true).redirectOutput(output).start();
  }

  /** Presses Ctrl-C. */
  public static void interrupt(Process process) throws IOException, InterruptedException {
    // The shell's own: a minimal Debian has no kill program.
    Process kill = new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("process %d has ended already".formatted(process.pid()));
    }
  }

  /** Returns the command line that runs a command in a process of its own. */
  List<String> command(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Returns what names the database. */
  Map<String, String> environment() {
    Properties url = Driver.parseURL(database.jdbcUrl(), null);
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("PGHOST", url.getProperty("PGHOST"));
    environment.put("PGPORT", url.getProperty("PGPORT"));
    environment.put("PGDATABASE", database.name());
    environment.put("PGUSER", user == null ? url.getProperty("user") : user);
    environment.put("PGPASSWORD", user == null ? url.getProperty("password", "") : password);
    return environment;
  }
}
