package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.DocsPage;
import org.bqx.testkit.DocsPage.Example;
import org.bqx.testkit.PsqlResult;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;

/** Types on a database what the docs say, as the role that they say, in a folder of its own. */
final class DocsReader {
  private static final List<String> ROLES = List.of("bqx_reader", "bqx_runner", "bqx_owner");
  private static final String PASSWORD = "docs";
  private static final long LIMIT_SECONDS = 120;

  /** A word in quotes, or one without. */
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)");

  private static final Pattern CONNECTION = Pattern.compile(" -[hUd] \\S+");
  private static final Pattern FILE =
      Pattern.compile("out(-[a-z]+)?|.*/|.*\\.(csv|gz|zip|html|json|md|xml|yaml)");

  /** What is more than a command and its arguments. */
  private static final Pattern SHELL = Pattern.compile(".*( [|>] |&&|\\./bqx psql).*");

  private final TestDatabase database;
  private final Path folder;

  /**
   * @param folder where the files are that commands name, and where they write
   */
  DocsReader(TestDatabase database, Path folder) {
    this.database = database;
    this.folder = folder;
  }

  /** Makes a role that may log in for each role of bqx, which a migration has made. */
  static void makeRoles(TestDatabase database) throws SQLException {
    try (SqlSession sql = new SqlSession(database.connect())) {
      for (String role : ROLES) {
        sql.execute(
            "CREATE ROLE %s LOGIN PASSWORD '%s' IN ROLE %s".formatted(login(role), PASSWORD, role));
      }
    }
  }

  static void dropRoles(TestDatabase database) throws SQLException {
    try (SqlSession sql = new SqlSession(database.connect())) {
      for (String role : ROLES) {
        sql.execute("DROP ROLE IF EXISTS " + login(role));
      }
    }
  }

  /** Returns the role that may log in. */
  static String login(String role) {
    return "docs_" + role;
  }

  /** Runs commands as one of the roles. */
  CommandLineRunner as(String role) {
    return role.equals(DocsPage.SUPERUSER)
        ? new CommandLineRunner(database)
        : new CommandLineRunner(database, login(role), PASSWORD);
  }

  /** Types an example, which has to succeed; returns what it printed. */
  String type(Example example) throws IOException, InterruptedException {
    assertThat(example.role()).as("the docs say as whom: " + example.text()).isNotNull();
    Result result = example.isStatement() ? statement(example) : command(example);
    String said =
        "%s: %s\n%s%s".formatted(example.role(), example.text(), result.out(), result.err());
    assertThat(result.code()).as(said).isZero();
    // Nor a colour where no terminal is, the name of Java's exception, or more than one of one.
    assertThat(result.out() + result.err())
        .as(said)
        .doesNotContain("ERROR", "permission denied", "\u001b", "Exception")
        .doesNotContainPattern(
            "(?<![\\d.,])1 (rows|bars|months|pairs|files|partitions|columns|migrations)\\b");
    return result.out();
  }

  private Result statement(Example example) throws IOException {
    Path script = Files.writeString(folder.resolve("statement.sql"), example.text());
    String[] arguments = {"-f", script.toString()};
    PsqlResult result =
        example.role().equals(DocsPage.SUPERUSER)
            ? database.psql(arguments)
            : database.psqlAs(login(example.role()), arguments);
    return new Result(result.exitCode(), result.output(), result.errors());
  }

  private Result command(Example example) throws IOException, InterruptedException {
    String text = CONNECTION.matcher(example.text()).replaceAll("");
    if (SHELL.matcher(text).matches()) {
      return shell(example.role(), text);
    }
    List<String> words =
        new ArrayList<>(
            WORD.matcher(text)
                .results()
                .map(
                    word ->
                        word.group(1) != null
                            ? word.group(1)
                            : word.group(2) != null ? word.group(2) : word.group(3))
                .map(word -> FILE.matcher(word).matches() ? folder.resolve(word).toString() : word)
                .toList());
    words.remove(0);
    if (words.get(0).equals("monitor")) {
      words.add("--once");
    }
    return as(example.role()).run(words.toArray(String[]::new));
  }

  /** Types it in a shell, where ./bqx is a program. */
  private Result shell(String role, String text) throws IOException, InterruptedException {
    CommandLineRunner bqx = as(role);
    Path program = folder.resolve("bqx");
    Files.writeString(
        program,
        bqx.command().stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" ", "#!/bin/sh\nexec ", " \"$@\"\n")));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", text.replace(" /var/", " var/"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(bqx.environment());
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("not done after %d s: %s".formatted(LIMIT_SECONDS, text));
    }
    return new Result(process.exitValue(), Files.readString(output), "");
  }

  /** Writes a day of bars; packed where the name ends so. */
  static void writeBars(Path file, String day) throws IOException {
    StringBuilder text = new StringBuilder("time,open,high,low,close,volume\n");
    for (int minute = 0; minute < 1200; minute++) {
      double close = 1.25 + (minute % 7) * 1e-4;
      text.append(
          String.format(
              Locale.ROOT,
              "%sT%02d:%02d:00Z,%.5f,%.5f,%.5f,%.5f,%d%n",
              day,
              minute / 60,
              minute % 60,
              close,
              close + 1e-4,
              close - 1e-4,
              close,
              1 + minute % 5));
    }
    try (OutputStream plain = Files.newOutputStream(file);
        OutputStream out = file.toString().endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
