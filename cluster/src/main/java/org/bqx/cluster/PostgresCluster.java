package org.bqx.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private PostgreSQL server of the installed PostgreSQL, on 127.0.0.1 and a Unix socket, with
 * password authentication on both.
 *
 * <p>Lifecycle: {@link #start} makes the data when there is none, starts the server when it does
 * not run, and returns its address; the server is in a session of its own and outlives this process
 * until {@link #stop}. A {@linkplain #temporary temporary} one is deleted when the JVM ends.
 *
 * <p>Trap: backends outlive a killed postmaster for as long as they are busy, Java above all, and a
 * new server refuses to start beside them. They are killed first, which crash recovery covers.
 */
public final class PostgresCluster {

  /** Crash recovery counts as starting; as much WAL as we allow is replayed in less than this. */
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  private static final Duration FAST_STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration IMMEDIATE_STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(20);
  private static final int PORT_ATTEMPTS = 5;

  private static final String TEMPORARY = "bqx-temp-";

  private static final Pattern PORT_LINE = Pattern.compile("(?m)^port = '(\\d+)'$");
  private static final String SUPERUSER = "postgres";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ClusterHome home;
  private final Map<String, String> settings;
  private final boolean temporary;

  private PostgresCluster(Path directory, Map<String, String> settings, boolean temporary) {
    home = new ClusterHome(directory);
    this.settings = settings;
    this.temporary = temporary;
  }

  /**
   * Returns the cluster kept in a directory; nothing is made or started yet.
   *
   * @param settings server settings that replace or join the {@linkplain #bulkWriteSettings
   *     defaults}, in effect from the next start
   */
  public static PostgresCluster at(Path directory, Map<String, String> settings) {
    return new PostgresCluster(directory, settings, false);
  }

  /**
   * Returns a new cluster that loses its data in a crash of the machine, and is stopped and deleted
   * when the JVM ends. Those that killed JVMs have left are deleted first.
   *
   * @param settings server settings that replace or join the defaults
   */
  public static PostgresCluster temporary(Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("fsync", "off");
    all.put("full_page_writes", "off");
    all.put("synchronous_commit", "off");
    all.put("shared_buffers", "128MB");
    all.putAll(settings);
    Path parent =
        Account.current().isRoot()
            ? ClusterFiles.makeDirectories(ClusterHome.ROOTS_HOMES, "rwxr-xr-x")
            : Path.of(System.getProperty("java.io.tmpdir"));
    deleteLeftovers(parent);
    String name = TEMPORARY + ProcessHandle.current().pid() + "-" + randomHex(4);
    PostgresCluster cluster = new PostgresCluster(parent.resolve(name), all, true);
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::delete, "delete-" + name));
    return cluster;
  }

  /**
   * Returns the settings for a server without standby or archive that is written in bulk on a small
   * machine; a new map.
   */
  public static Map<String, String> bulkWriteSettings() {
    long memory =
        ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getTotalMemorySize();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("shared_buffers", Math.min(1024, Math.max(64, memory / 4 >> 20)) + "MB");
    // Nothing replicates, so a table filled in the transaction that makes or truncates it needs no
    // WAL: a month of 57 columns and its key in 74 to 103 ms instead of 126 to 192.
    settings.put("wal_level", "minimal");
    settings.put("max_wal_senders", "0");
    // A checkpoint each 15 minutes rather than each gigabyte: what is written meanwhile is flushed
    // once. A single month is too small to show it, as it is for shared_buffers.
    settings.put("max_wal_size", "8GB");
    settings.put("checkpoint_timeout", "15min");
    settings.put("timezone", "UTC");
    // Rows are wide and partitions many: compiling takes longer than what it saves.
    settings.put("jit", "off");
    // Else the heap of each session's PL/Java may grow to a quarter of the memory. sqljrt has these
    // by itself.
    settings.put("pljava.vmoptions", "-Xms8m -Xmx256m -XX:+UseSerialGC");
    return settings;
  }

  /**
   * Starts the server unless it runs already.
   *
   * @return its address
   * @throws ClusterException when no PostgreSQL of the right version is installed or it does not
   *     start; the message ends with the end of the server's log
   */
  public ServerAddress start() {
    Optional<ServerAddress> running = address();
    return running.isPresent() ? running.get() : home.locked(START_LIMIT, this::startLocked);
  }

  /**
   * Stops the server: fast, and after 30 s at once (which crash recovery mends).
   *
   * @return whether it ran
   */
  public boolean stop() {
    return Files.isDirectory(data()) && home.locked(START_LIMIT, () -> stopLocked("fast"));
  }

  /** Stops the server at once and deletes all that the cluster has made. */
  public void delete() {
    if (Files.isDirectory(data())) {
      home.locked(
          START_LIMIT,
          () -> {
            stopLocked("immediate");
            killOrphans();
            return null;
          });
    }
    home.delete();
  }

  /**
   * Returns the server's address while it runs and accepts connections.
   *
   * @throws ClusterException when the cluster is another account's
   */
  public Optional<ServerAddress> address() {
    return Postmaster.of(home).filter(Postmaster::isReady).map(this::addressOf);
  }

  /** Returns the pid of the server's main process while there is one. */
  public Optional<Long> processId() {
    return Postmaster.of(home).map(Postmaster::pid);
  }

  /**
   * Returns the programs that serve this cluster: of the version that made the data, else the
   * newest installed.
   *
   * @throws ClusterException when there is none
   */
  public PostgresInstallation installation() {
    Path version = data().resolve("PG_VERSION");
    return Files.exists(version)
        ? PostgresInstallation.find(Integer.parseInt(ClusterFiles.read(version).strip()))
        : PostgresInstallation.find();
  }

  /** Returns the data directory, which may not exist yet. */
  public Path data() {
    return home.data();
  }

  /** Returns the server's log file. */
  public Path log() {
    return home.log();
  }

  private ServerAddress startLocked() {
    Optional<ServerAddress> settled = awaitSettled();
    if (settled.isPresent()) {
      return settled.get();
    }
    PostgresInstallation installation = installation();
    if (!Files.isDirectory(data())) {
      initialize(installation);
    }
    killOrphans();
    Path socketDirectory = home.socketDirectory();
    ClusterFiles.makeDirectory(socketDirectory, home.account());
    int port = previousPort().filter(PostgresCluster::isFree).orElseGet(PostgresCluster::freePort);
    for (int attempt = 1; ; attempt++) {
      ClusterFiles.write(home.configuration(), configuration(port, socketDirectory), "rw-r--r--");
      try {
        // Relative names: pg_ctl pastes these arguments into a shell command.
        home.account()
            .run(
                home.path(),
                START_LIMIT.plusSeconds(10),
                List.of(
                    installation.program("pg_ctl").toString(),
                    "start",
                    "--silent",
                    "--wait",
                    "--timeout=" + START_LIMIT.toSeconds(),
                    "--pgdata=data",
                    "--log=data/server.log",
                    "--options=-c config_file=bqx.conf"));
        return address()
            .orElseThrow(() -> new ClusterException("the server stopped again" + endOfLog()));
      } catch (ClusterException e) {
        if (attempt == PORT_ATTEMPTS || isFree(port)) {
          throw new ClusterException(
              "PostgreSQL %s did not start in %s: %s%s"
                  .formatted(installation.version(), data(), e.getMessage(), endOfLog()),
              e);
        }
        port = freePort();
      }
    }
  }

  /** Waits while the server starts or stops, and returns the address of one that has started. */
  private Optional<ServerAddress> awaitSettled() {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      Optional<Postmaster> postmaster = Postmaster.of(home);
      if (postmaster.isEmpty() || postmaster.get().isReady()) {
        return postmaster.map(this::addressOf);
      }
      if (System.nanoTime() > deadline) {
        throw new ClusterException(
            "the server of %s, process %d, has been neither up nor down for %d s%s"
                .formatted(data(), postmaster.get().pid(), START_LIMIT.toSeconds(), endOfLog()));
      }
      Processes.pause();
    }
  }

  /** Makes the data beside its place, so that an interrupted initdb leaves nothing behind. */
  private void initialize(PostgresInstallation installation) {
    Account account = home.account();
    Path unfinished = home.path().resolve("data.unfinished");
    ClusterFiles.deleteTree(unfinished);
    ClusterFiles.makeDirectory(unfinished, account);
    String password = randomHex(16);
    ClusterFiles.write(home.passwordFile(), passwordLines(password), "rw-------");
    Path passwordFile = home.path().resolve("initial-password");
    ClusterFiles.write(passwordFile, verifier(password) + "\n", "rw-------");
    account.giveTo(passwordFile);
    try {
      List<String> command =
          new ArrayList<>(
              List.of(
                  installation.program("initdb").toString(),
                  "--pgdata=data.unfinished",
                  "--username=" + SUPERUSER,
                  "--pwfile=initial-password",
                  "--auth=scram-sha-256",
                  "--encoding=UTF8",
                  "--locale=C",
                  "--no-instructions"));
      if (temporary) {
        command.add("--no-sync");
      }
      account.run(home.path(), START_LIMIT, command);
      Files.move(unfinished, data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      ClusterFiles.deleteTree(passwordFile);
    }
  }

  /**
   * One iteration, not PostgreSQL's 4096: nobody guesses 128 random bits, and each command of a
   * client that starts cold would spend 12 ms on them.
   */
  private static String verifier(String password) {
    byte[] salt = new byte[16];
    RANDOM.nextBytes(salt);
    return ScramVerifier.of(password, salt, 1);
  }

  private boolean stopLocked(String mode) {
    Optional<Postmaster> postmaster = Postmaster.of(home);
    if (postmaster.isEmpty()) {
      return false;
    }
    if (mode.equals("fast")) {
      endSessions(postmaster.get());
    }
    if (!mode.equals("fast") || !stopped("fast", FAST_STOP_LIMIT)) {
      if (!stopped("immediate", IMMEDIATE_STOP_LIMIT)) {
        Processes.kill(List.of(postmaster.get().pid()), home.account());
        killOrphans();
      }
    }
    ClusterFiles.deleteTree(home.socketDirectory());
    return true;
  }

  /**
   * Ends the sessions before the server does. One that waits and has PL/Java's virtual machine does
   * not notice a signal before something sets its latch, which the request to log its memory does.
   */
  private void endSessions(Postmaster postmaster) {
    List<String> psql =
        List.of(
            "env",
            "PGPASSFILE=" + home.passwordFile(),
            "PGCONNECT_TIMEOUT=5",
            installation().program("psql").toString(),
            "--host=127.0.0.1",
            "--port=" + postmaster.port(),
            "--username=" + SUPERUSER,
            "--dbname=postgres",
            "--no-password",
            "--no-psqlrc",
            "--command="
                + """
                  SELECT pg_terminate_backend(pid), pg_log_backend_memory_contexts(pid)
                  FROM pg_stat_activity
                  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
                      AND EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pljava')
                  """);
    try {
      Account.current().run(home.path(), COMMAND_LIMIT, psql);
    } catch (ClusterException unanswered) {
      // It may not accept connections yet, or have too many; pg_ctl waits for sessions, too.
      return;
    }
  }

  private boolean stopped(String mode, Duration limit) {
    try {
      home.account()
          .run(
              home.path(),
              limit.plusSeconds(10),
              List.of(
                  installation().program("pg_ctl").toString(),
                  "stop",
                  "--silent",
                  "--mode=" + mode,
                  "--timeout=" + limit.toSeconds(),
                  "--pgdata=data"));
    } catch (ClusterException e) {
      // What counts is whether it runs, not what pg_ctl made of it.
      return Postmaster.of(home).isEmpty();
    }
    return true;
  }

  /**
   * Clears what a killed server has left: backends still at work in the data directory, and the
   * lock files of data and socket, at which PostgreSQL would refuse to start when the pid in them
   * has become another process's or its dead process has not been collected.
   */
  private void killOrphans() {
    Account account = home.account();
    List<Long> orphans = Processes.serversIn(home.realData(), account);
    if (!orphans.isEmpty()) {
      Processes.kill(orphans, account);
    }
    ClusterFiles.deleteTree(home.data().resolve("postmaster.pid"));
    ClusterFiles.deleteTree(home.socketDirectory());
  }

  private ServerAddress addressOf(Postmaster postmaster) {
    Path passwordFile = home.passwordFile();
    String line = ClusterFiles.read(passwordFile).lines().findFirst().orElseThrow();
    return new ServerAddress(
        "127.0.0.1",
        postmaster.port(),
        SUPERUSER,
        line.substring(line.lastIndexOf(':') + 1),
        Path.of(postmaster.socketDirectory()),
        passwordFile);
  }

  private String passwordLines(String password) {
    StringBuilder lines = new StringBuilder();
    String socket = home.socketDirectory().toString().replace("\\", "\\\\").replace(":", "\\:");
    for (String host : List.of("127.0.0.1", "localhost", socket)) {
      lines.append("%s:*:*:%s:%s%n".formatted(host, SUPERUSER, password));
    }
    return lines.toString();
  }

  private String configuration(int port, Path socketDirectory) {
    Map<String, String> all = bulkWriteSettings();
    all.putAll(settings);
    all.put("port", Integer.toString(port));
    all.put("listen_addresses", "127.0.0.1");
    all.put("unix_socket_directories", socketDirectory.toString());
    all.put("unix_socket_permissions", "0700");
    StringBuilder text =
        new StringBuilder(
            "# Written at each start. For settings of your own use ALTER SYSTEM.\n"
                + "include 'data/postgresql.conf'\n");
    all.forEach(
        (name, value) -> text.append("%s = '%s'%n".formatted(name, value.replace("'", "''"))));
    return text.toString();
  }

  private Optional<Integer> previousPort() {
    Path configuration = home.configuration();
    if (!Files.exists(configuration)) {
      return Optional.empty();
    }
    Matcher matcher = PORT_LINE.matcher(ClusterFiles.read(configuration));
    return matcher.find() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String endOfLog() {
    if (!Files.exists(log())) {
      return "";
    }
    List<String> lines = ClusterFiles.read(log()).lines().toList();
    return "; the end of %s:%n%s"
        .formatted(
            log(), String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size())));
  }

  /** Deletes the temporary clusters whose JVM is gone. */
  private static void deleteLeftovers(Path parent) {
    Account current = Account.current();
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(parent, TEMPORARY + "*")) {
      for (Path home : homes) {
        String owner = home.getFileName().toString().substring(TEMPORARY.length());
        int dash = owner.indexOf('-');
        if (dash > 0
            && owner.substring(0, dash).matches("\\d{1,18}")
            && !Processes.isAlive(Long.parseLong(owner.substring(0, dash)))
            && Account.ownerOf(home).uid() == current.uid()) {
          new PostgresCluster(home, Map.of(), true).delete();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String randomHex(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
