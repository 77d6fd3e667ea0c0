package org.bqx.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bqx.catalogue.SchemaStage;
import org.bqx.connection.ConnectionOptions;
import org.bqx.connection.ConnectionSettings;
import org.bqx.connection.Database;
import org.bqx.connection.EmbeddedServer;
import org.bqx.connection.MissingRight;
import org.bqx.connection.PasswordPrompt;
import org.bqx.connection.Passwords;
import org.bqx.connection.Rights;
import org.bqx.failure.Failure;
import org.bqx.nodes.LostPair;
import org.bqx.nodes.Reach;
import org.bqx.terminal.Printable;
import org.bqx.terminal.Progress;
import org.bqx.terminal.Terminal;
import org.bqx.verify.VerifyJson;
import org.jline.utils.AttributedString;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** The root command: the options that every command has, and what commands share. */
@Command(
    name = "bqx",
    versionProvider = VersionText.class,
    description = "Rolling features of one-minute bars, computed inside PostgreSQL.",
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    footer = {
      "",
      "With no connection option and no PGHOST, PGHOSTADDR, PGPORT, PGUSER, PGDATABASE or PGSERVICE",
      "in the environment, a private server is used, and started when needed; its data is under",
      ".bqx, as root under /var/lib/bqx (./bqx up says where).",
      "Exit codes: 0 done, 1 some work failed, 2 usage, 3 differences found, 4 cannot connect,",
      "5 somebody else holds what remains, 130 interrupted.",
      "./bqx test runs the tests; ./bqx bench measures, see ./bqx bench --help."
    })
final class Bqx implements Runnable, AutoCloseable {
  private static final int SCHEMA = 1;
  private static final int COLUMNS = 80;
  private static final Set<String> MIGRATING = Set.of("migrate", "demo");

  @Option(
      names = {"-h", "--host"},
      paramLabel = "HOST",
      scope = ScopeType.INHERIT,
      description = "server, or its Unix socket's directory (PGHOST)")
  private String host;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      scope = ScopeType.INHERIT,
      description = "port (PGPORT)")
  private Integer port;

  @Option(
      names = {"-U", "--username"},
      paramLabel = "USER",
      scope = ScopeType.INHERIT,
      description =
          "role (PGUSER); its password comes from ~/.pgpass or PGPASSWORD, or is asked for")
  private String user;

  @Option(
      names = {"-d", "--dbname"},
      paramLabel = "DB",
      scope = ScopeType.INHERIT,
      description = "database (PGDATABASE)")
  private String databaseName;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "section of the service file (PGSERVICE)")
  private String service;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "print the stack trace of an error")
  private boolean debug;

  @Option(
      names = "--help",
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "print this help")
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "print the version")
  private boolean version;

  @Spec private CommandSpec spec;

  private final Map<String, String> environment;
  private final InputStream in;
  private final PrintWriter out;
  private final PrintWriter err;
  private final List<Database> databases = new ArrayList<>();
  private Ansi ansi;
  private ColorMode colorMode = ColorMode.AUTO;
  private volatile boolean interrupted;
  private volatile Rights rights;
  private volatile Closeable reading;

  Bqx(Map<String, String> environment, InputStream in, PrintWriter out, PrintWriter err) {
    this.environment = environment;
    this.in = in;
    this.out = out;
    this.err = err;
    this.ansi = ansi(ColorMode.AUTO);
  }

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      scope = ScopeType.INHERIT,
      description = "auto, always or never (also NO_COLOR)")
  private void color(ColorMode mode) {
    colorMode = mode;
    ansi = ansi(mode);
    spec.root().commandLine().setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }

  InputStream in() {
    return in;
  }

  /** Returns standard output, for picocli: what it writes of itself is harmless. */
  PrintWriter out() {
    return out;
  }

  /** Returns standard error, likewise. */
  PrintWriter err() {
    return err;
  }

  boolean debug() {
    return debug;
  }

  /** Returns whether Ctrl-C was pressed. */
  boolean interrupted() {
    return interrupted;
  }

  /** Says what is being read, so that an interrupt ends a read that waits. */
  void reading(Closeable source) {
    reading = source;
  }

  ConnectionOptions connectionOptions() {
    return new ConnectionOptions(host, port, user, databaseName, service);
  }

  /** Returns whether options or environment name a server; if not it is the embedded one. */
  boolean namesServer() {
    return ConnectionSettings.isNamed(connectionOptions(), environment);
  }

  EmbeddedServer embedded() {
    return new EmbeddedServer(home());
  }

  /**
   * Refuses options that name a server, for a command that is not of it.
   *
   * @param command which command
   * @throws ParameterException when one is given
   */
  void requireNoServer(CommandSpec command) {
    if (!connectionOptions().isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          "%s takes no connection option: it is not for the server that they name"
              .formatted(command.name()));
    }
  }

  /** Returns the folder that the embedded server and what belongs to it lie in. */
  Path home() {
    return Path.of(environment("BQX_HOME")).toAbsolutePath();
  }

  /**
   * Returns the database to work on; an interrupt cancels what runs there.
   *
   * @param command the command's name, for {@code pg_stat_activity}
   * @throws Failure when its schema has not come to the stage that the command needs
   */
  Database database(String command) {
    String application = "bqx " + command;
    Database database;
    if (namesServer()) {
      ConnectionSettings settings =
          ConnectionSettings.resolve(connectionOptions(), environment, this::message);
      if (Terminal.canAsk()) {
        // Before Ctrl-C is caught: it ends the question, and the JDK turns the echo on again.
        settings =
            PasswordPrompt.complete(
                settings,
                question -> System.console().readPassword("%s", Printable.lines(question)));
      }
      database = new Database(settings, application, passwords());
    } else {
      database =
          embedded()
              .database(application, passwords(), () -> message("starting the embedded server"));
    }
    synchronized (databases) {
      databases.add(database);
    }
    Interrupts.onFirst(this::interrupt);
    String stage = NeededStages.of(command);
    if (stage != null) {
      SchemaStage.require(database, command, stage);
    }
    return database;
  }

  private Passwords passwords() {
    return Passwords.of(
        environment, namesServer() ? List.of() : embedded().nodeAddresses(), this::message);
  }

  /** Returns the password of a role at a node, null where none is known and nobody can be asked. */
  String nodePassword(String nodeHost, int nodePort, String nodeDatabase, String role) {
    String known = passwords().of(nodeHost, nodePort, nodeDatabase, role);
    if (known != null || !Terminal.canAsk()) {
      return known;
    }
    char[] typed =
        System.console()
            .readPassword(
                "%s", Printable.lines("Password for user %s at %s: ".formatted(role, nodeHost)));
    return typed == null || typed.length == 0 ? null : new String(typed);
  }

  /** Asks for a yes; without a terminal nobody gives one. */
  boolean confirms(String question) {
    return Terminal.canAsk()
        && "yes".equals(System.console().readLine("%s", Printable.lines(question)));
  }

  /**
   * Returns the database for a command that reads alone, as {@link #database} does.
   *
   * @param seconds the longest that a statement may take
   */
  Database databaseForReading(String command, int seconds) {
    Database database = database(command).forReading(seconds);
    synchronized (databases) {
      databases.add(database);
    }
    return database;
  }

  Progress progress(String label, String unit, long total) {
    return new Progress(err, Terminal.isStandardError(environment), label, unit, total);
  }

  /** Writes to standard error. */
  void message(String text) {
    err.println(Printable.lines(text));
    err.flush();
  }

  /** Says of a front which pairs are not counted, as their node does not answer. */
  void sayOfLost(List<LostPair> lost) {
    Reach.lines(lost)
        .forEach(line -> message(next("not counted: %s; ./bqx node list".formatted(line))));
  }

  void printError(String message, String next) {
    err.println(ansi.string("@|bold,red bqx:|@ ") + Printable.lines(String.valueOf(message)));
    if (next != null) {
      err.println(ansi.string("@|bold next:|@ ") + Printable.lines(next(next)));
    }
    err.flush();
  }

  /** Returns a text whose commands reach the server of this call, for whatever is to be typed. */
  String next(String text) {
    String typed = new NextCommands(connectionOptions(), this::rights).of(text);
    String program = environment("BQX_COMMAND");
    return typed == null || program.isEmpty() ? typed : typed.replace("./bqx ", program + " ");
  }

  /** Returns what the role of this call may do, all before there is a database. */
  private Rights rights() {
    if (rights == null) {
      synchronized (databases) {
        if (databases.isEmpty() || interrupted) {
          return Rights.ALL;
        }
        rights = Rights.read(databases.get(databases.size() - 1));
      }
    }
    return rights;
  }

  /**
   * Returns what gives this role the right that the server says it lacks, null without a server.
   *
   * @param command the command's name
   * @param isOwners whether it is the owner's alone
   * @param message what the server said
   */
  String remedy(String command, boolean isOwners, String message) {
    synchronized (databases) {
      return databases.isEmpty()
          ? null
          : MissingRight.remedy(
              databases.get(databases.size() - 1), MIGRATING.contains(command), isOwners, message);
    }
  }

  /** Writes a line to standard output. */
  void print(String line) {
    out.println(Printable.lines(line));
    out.flush();
  }

  /** Returns the variables of the environment. */
  Map<String, String> environment() {
    return environment;
  }

  /** Returns a variable of the environment, empty where it is not set. */
  String environment(String variable) {
    return environment.getOrDefault(variable, "");
  }

  /** Returns whether standard output is a terminal that can redraw itself. */
  boolean outputIsTerminal() {
    return Terminal.isStandardOutput(environment);
  }

  /** Returns whether to colour standard output. */
  boolean outputHasColors() {
    return switch (colorMode) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO -> environment("NO_COLOR").isEmpty() && outputIsTerminal();
    };
  }

  /** Returns how wide lines on standard output may be: COLUMNS, else 80. */
  int columns() {
    String columns = environment("COLUMNS");
    return columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : COLUMNS;
  }

  /** Writes lines to standard output, with their colours where it has some. */
  void printLines(List<AttributedString> lines) {
    for (AttributedString line : lines) {
      AttributedString harmless = Printable.of(line);
      out.println(outputHasColors() ? harmless.toAnsi() : harmless.toString().stripTrailing());
    }
    out.flush();
  }

  /** Writes one JSON object to standard output: the schema's version first. */
  void printJson(String name, Object value) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("schema", SCHEMA);
    object.put(name, value);
    out.println(Json.MAPPER.writeValueAsString(object));
    out.flush();
  }

  @Override
  public void close() {
    databases.forEach(Database::close);
  }

  private void interrupt() {
    interrupted = true;
    synchronized (databases) {
      databases.forEach(Database::cancel);
    }
    Closeable source = reading;
    close(in);
    if (source != null) {
      close(source);
    }
  }

  private void close(Closeable source) {
    try {
      source.close();
    } catch (IOException unread) {
      // Nobody reads it any more.
      err.flush();
    }
  }

  private Ansi ansi(ColorMode mode) {
    boolean color =
        switch (mode) {
          case ALWAYS -> true;
          case NEVER -> false;
          case AUTO -> Terminal.hasColors(environment);
        };
    return color ? Ansi.ON : Ansi.OFF;
  }

  /** Made when it is needed: it takes longer than what most commands print. */
  private static final class Json {
    /** In ASCII alone: what is not may be an order to a terminal, or run backwards on it. */
    private static final JsonMapper MAPPER =
        JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .addModule(VerifyJson.module())
            .build();
  }
}
