package org.bqx.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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
 * <p>The home of a cluster holds
 *
 * <pre>
 * data/      the data directory, 0700, of the server's account; the server's log is in it
 * s/         the socket, 0700, same account (in /tmp when the path is too long for a socket)
 * bqx.conf   the settings, rewritten at each start; includes what initdb wrote
 * pgpass     the superuser's password in libpq's format, 0600
 * lock       held while starting or stopping
 * </pre>
 *
 * It is the requested directory, except for root: the server's account (postgres) can often not
 * reach that one, so the home is under /var/lib/bqx and the requested directory holds its path in
 * the file {@code home}. The home itself belongs to whoever makes it, not to the server's account:
 * root must not write where another account could have laid a link.
 *
 * <p>Traps: {@code postmaster.pid} outlives a crash, and its pid may by then be another process's,
 * so a server counts as running when the process of that pid works in the data directory. Backends
 * outlive a killed postmaster for as long as they are busy, Java above all, and a new server
 * refuses to start beside them: they are killed first, which crash recovery covers.
 */
public final class PostgresCluster {

  /** Crash recovery counts as starting; as much WAL as we allow is replayed in less than this. */
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  private static final Duration FAST_STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration IMMEDIATE_STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(20);
  private static final long POLL_MILLIS = 50;
  private static final int PORT_ATTEMPTS = 5;

  private static final Path ROOTS_HOMES = Path.of("/var/lib/bqx");
  private static final String TEMPORARY = "bqx-temp-";

  /** 107 bytes less {@code /.s.PGSQL.65535}. */
  private static final int LONGEST_SOCKET_DIRECTORY = 92;

  private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z0-9_/.+-]+");
  private static final Pattern PORT_LINE = Pattern.compile("(?m)^port = '(\\d+)'$");
  private static final String SUPERUSER = "postgres";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A file lock keeps out other processes only, this one the threads of this process. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  private final Path directory;
  private final Map<String, String> settings;
  private final boolean temporary;

  private PostgresCluster(Path directory, Map<String, String> settings, boolean temporary) {
    this.directory = directory.toAbsolutePath().normalize();
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
    Map<String, String> all = bulkWriteSettings();
    all.putAll(settings);
    return new PostgresCluster(directory, all, false);
  }

  /**
   * Returns a new cluster that loses its data in a crash of the machine, and is stopped and deleted
   * when the JVM ends. Those that killed JVMs have left are deleted first.
   *
   * @param settings server settings that replace or join the defaults
   */
  public static PostgresCluster temporary(Map<String, String> settings) {
    Map<String, String> all = bulkWriteSettings();
    all.put("fsync", "off");
    all.put("full_page_writes", "off");
    all.put("synchronous_commit", "off");
    all.put("shared_buffers", "128MB");
    all.putAll(settings);
    Path parent =
        Account.current().isRoot()
            ? makeDirectories(ROOTS_HOMES, "rwxr-xr-x")
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
    // A join of families by pair and time is then one of each month, and months that one of them is
    // not asked for are not read of the other.
    settings.put("enable_partitionwise_join", "on");
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
    return running.isPresent() ? running.get() : locked(this::startLocked);
  }

  /**
   * Stops the server: fast, and after 30 s at once (which crash recovery mends).
   *
   * @return whether it ran
   */
  public boolean stop() {
    return Files.isDirectory(data()) && locked(() -> stopLocked("fast"));
  }

  /** Stops the server at once and deletes all that the cluster has made. */
  public void delete() {
    Path home = home();
    if (Files.isDirectory(data())) {
      locked(
          () -> {
            stopLocked("immediate");
            killOrphans();
            return null;
          });
    }
    for (String name :
        List.of("data", "data.unfinished", "s", "bqx.conf", "pgpass", "initial-password", "lock")) {
      deleteTree(home.resolve(name));
    }
    deleteTree(directory.resolve("home"));
    for (Path made : List.of(home, directory)) {
      String[] others = made.toFile().list();
      if (others != null && others.length == 0) {
        deleteTree(made);
      }
    }
  }

  /**
   * Returns the server's address while it runs and accepts connections.
   *
   * @throws ClusterException when the cluster is another account's
   */
  public Optional<ServerAddress> address() {
    return postmaster().filter(Postmaster::isReady).map(this::addressOf);
  }

  /** Returns the pid of the server's main process while there is one. */
  public Optional<Long> processId() {
    return postmaster().map(Postmaster::pid);
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
        ? PostgresInstallation.find(Integer.parseInt(read(version).strip()))
        : PostgresInstallation.find();
  }

  /** Returns the data directory, which may not exist yet. */
  public Path data() {
    return home().resolve("data");
  }

  /** Returns the server's log file. */
  public Path log() {
    return data().resolve("server.log");
  }

  private ServerAddress startLocked() {
    Optional<ServerAddress> settled = awaitSettled();
    if (settled.isPresent()) {
      return settled.get();
    }
    PostgresInstallation installation = installation();
    Path home = home();
    if (!Files.isDirectory(data())) {
      initialize(installation, home);
    }
    killOrphans();
    Path socketDirectory = socketDirectory();
    makeDirectory(socketDirectory, account());
    int port = previousPort().filter(PostgresCluster::isFree).orElseGet(PostgresCluster::freePort);
    for (int attempt = 1; ; attempt++) {
      write(home.resolve("bqx.conf"), configuration(port, socketDirectory), "rw-r--r--");
      try {
        // Relative names: pg_ctl pastes these arguments into a shell command.
        account()
            .run(
                home,
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
      Optional<Postmaster> postmaster = postmaster();
      if (postmaster.isEmpty() || postmaster.get().isReady()) {
        return postmaster.map(this::addressOf);
      }
      if (System.nanoTime() > deadline) {
        throw new ClusterException(
            "the server of %s, process %d, has been neither up nor down for %d s%s"
                .formatted(data(), postmaster.get().pid(), START_LIMIT.toSeconds(), endOfLog()));
      }
      pause();
    }
  }

  /** Makes the data beside its place, so that an interrupted initdb leaves nothing behind. */
  private void initialize(PostgresInstallation installation, Path home) {
    Account account = account();
    Path unfinished = home.resolve("data.unfinished");
    deleteTree(unfinished);
    makeDirectory(unfinished, account);
    String password = randomHex(16);
    write(home.resolve("pgpass"), passwordLines(password), "rw-------");
    Path passwordFile = home.resolve("initial-password");
    write(passwordFile, password + "\n", "rw-------");
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
      account.run(home, START_LIMIT, command);
      Files.move(unfinished, home.resolve("data"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deleteTree(passwordFile);
    }
  }

  private boolean stopLocked(String mode) {
    Optional<Postmaster> postmaster = postmaster();
    if (postmaster.isEmpty()) {
      return false;
    }
    if (mode.equals("fast")) {
      endSessions(postmaster.get());
    }
    if (!mode.equals("fast") || !stopped("fast", FAST_STOP_LIMIT)) {
      if (!stopped("immediate", IMMEDIATE_STOP_LIMIT)) {
        kill(List.of(postmaster.get().pid()));
        killOrphans();
      }
    }
    deleteTree(socketDirectory());
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
            "PGPASSFILE=" + home().resolve("pgpass"),
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
      Account.current().run(home(), COMMAND_LIMIT, psql);
    } catch (ClusterException unanswered) {
      // It may not accept connections yet, or have too many; pg_ctl waits for sessions, too.
      return;
    }
  }

  private boolean stopped(String mode, Duration limit) {
    try {
      account()
          .run(
              home(),
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
      return postmaster().isEmpty();
    }
    return true;
  }

  /**
   * Clears what a killed server has left: backends still at work in the data directory, and the
   * lock files of data and socket, at which PostgreSQL would refuse to start when the pid in them
   * has become another process's or its dead process has not been collected.
   */
  private void killOrphans() {
    List<Long> orphans = new ArrayList<>();
    String pids =
        account()
            .run(
                Path.of("/"),
                COMMAND_LIMIT,
                List.of(
                    "sh",
                    "-c",
                    """
                    for process in /proc/[0-9]*; do
                      case $(readlink "$process/exe") in
                        */postgres*)
                          test "$(readlink "$process/cwd")" != "$0" || echo "${process#/proc/}" ;;
                      esac
                    done 2>/dev/null
                    true
                    """,
                    realData().toString()));
    pids.lines().map(Long::valueOf).forEach(orphans::add);
    if (!orphans.isEmpty()) {
      kill(orphans);
    }
    deleteTree(data().resolve("postmaster.pid"));
    deleteTree(socketDirectory());
  }

  private void kill(List<Long> pids) {
    // The shell's own kill: a minimal system has no program of that name.
    List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -9 \"$@\"", "sh"));
    pids.forEach(pid -> command.add(pid.toString()));
    try {
      account().run(Path.of("/"), COMMAND_LIMIT, command);
    } catch (ClusterException e) {
      if (pids.stream().anyMatch(PostgresCluster::isAlive)) {
        throw e;
      }
    }
    long deadline = System.nanoTime() + COMMAND_LIMIT.toNanos();
    while (pids.stream().anyMatch(PostgresCluster::isAlive)) {
      if (System.nanoTime() > deadline) {
        throw new ClusterException("processes %s of %s do not end".formatted(pids, data()));
      }
      pause();
    }
  }

  /** What a live postmaster says of itself in its pid file. */
  private record Postmaster(long pid, int port, String socketDirectory, String status) {
    boolean isReady() {
      return status.equals("ready");
    }
  }

  private Optional<Postmaster> postmaster() {
    checkOwner();
    Path file = data().resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException stoppedMeanwhile) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (lines.isEmpty() || !isServer(Long.parseLong(lines.get(0).strip()))) {
      return Optional.empty();
    }
    long pid = Long.parseLong(lines.get(0).strip());
    // The lines are appended while it starts: port and socket before the status.
    return Optional.of(
        lines.size() < 8
            ? new Postmaster(pid, 0, "", "starting")
            : new Postmaster(
                pid, Integer.parseInt(lines.get(3)), lines.get(4), lines.get(7).strip()));
  }

  private boolean isServer(long pid) {
    if (!isAlive(pid)) {
      return false;
    }
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      return true;
    }
    try {
      // Asked as the server's account: root in a container may not look at others' processes.
      String workingDirectory =
          account().run(Path.of("/"), COMMAND_LIMIT, List.of("readlink", "/proc/" + pid + "/cwd"));
      return workingDirectory.strip().equals(realData().toString());
    } catch (ClusterException anotherAccounts) {
      return false;
    }
  }

  /**
   * A dead process whose parent does not collect it, as in containers without init, is not alive.
   */
  static boolean isAlive(long pid) {
    if (!ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
      return false;
    }
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    try {
      String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
      return line.charAt(line.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException goneOrNoProc) {
      return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
  }

  private ServerAddress addressOf(Postmaster postmaster) {
    Path passwordFile = home().resolve("pgpass");
    String line = read(passwordFile).lines().findFirst().orElseThrow();
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
    String socket = socketDirectory().toString().replace("\\", "\\\\").replace(":", "\\:");
    for (String host : List.of("127.0.0.1", "localhost", socket)) {
      lines.append("%s:*:*:%s:%s%n".formatted(host, SUPERUSER, password));
    }
    return lines.toString();
  }

  private String configuration(int port, Path socketDirectory) {
    Map<String, String> all = new LinkedHashMap<>(settings);
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
    Path configuration = home().resolve("bqx.conf");
    if (!Files.exists(configuration)) {
      return Optional.empty();
    }
    Matcher matcher = PORT_LINE.matcher(read(configuration));
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

  private Path home() {
    Path pointer = directory.resolve("home");
    if (Files.exists(pointer)) {
      return Path.of(read(pointer).strip());
    }
    boolean elsewhere =
        Account.current().isRoot()
            && !directory.startsWith(ROOTS_HOMES)
            && !Files.exists(directory.resolve("data"));
    return elsewhere ? ROOTS_HOMES.resolve(hash(directory)) : directory;
  }

  private Path socketDirectory() {
    Path short_ = home().resolve("s");
    String name = short_.toString();
    boolean usable =
        PLAIN_PATH.matcher(name).matches() && name.length() <= LONGEST_SOCKET_DIRECTORY;
    return usable ? short_ : Path.of("/tmp", "bqx-" + hash(home()));
  }

  private Path realData() {
    try {
      return data().toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Account account() {
    if (Files.exists(data())) {
      return Account.ownerOf(data());
    }
    return Account.current().isRoot() ? Account.postgres() : Account.current();
  }

  private void checkOwner() {
    Account current = Account.current();
    Path data = data();
    if (!current.isRoot() && Files.exists(data) && Account.ownerOf(data).uid() != current.uid()) {
      throw new ClusterException(
          "the cluster in %s was made by another user: run this as that user (root, if in %s)"
              .formatted(data, ROOTS_HOMES));
    }
  }

  private <T> T locked(Supplier<T> action) {
    checkOwner();
    Path home = home();
    makeDirectories(directory, "rwxr-xr-x");
    if (!home.equals(directory)) {
      makeDirectories(ROOTS_HOMES, "rwxr-xr-x");
      makeDirectories(home, "rwx--x--x");
      write(directory.resolve("home"), home + "\n", "rw-r--r--");
    } else if (directory.startsWith(ROOTS_HOMES)) {
      makeDirectories(home, "rwx--x--x");
    }
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    THREADS.lock();
    Path lockFile = home.resolve("lock");
    try (FileChannel channel =
        FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Account.ownerOf(home).giveTo(lockFile);
      FileLock lock = channel.tryLock();
      while (lock == null) {
        if (System.nanoTime() > deadline) {
          throw new ClusterException(
              "another process has been starting or stopping the cluster in %s for %d s"
                  .formatted(home, START_LIMIT.toSeconds()));
        }
        pause();
        lock = channel.tryLock();
      }
      return action.get();
    } catch (IOException e) {
      throw new ClusterException("cannot lock %s: %s".formatted(lockFile, e), e);
    } finally {
      THREADS.unlock();
    }
  }

  private String endOfLog() {
    if (!Files.exists(log())) {
      return "";
    }
    List<String> lines = read(log()).lines().toList();
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
            && !isAlive(Long.parseLong(owner.substring(0, dash)))
            && Account.ownerOf(home).uid() == current.uid()) {
          new PostgresCluster(home, Map.of(), true).delete();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path makeDirectories(Path path, String permissions) {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path.getParent());
        Files.createDirectory(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
      }
      return path;
    } catch (FileAlreadyExistsException madeMeanwhile) {
      return path;
    } catch (IOException e) {
      throw new ClusterException("cannot make the directory %s: %s".formatted(path, e), e);
    }
  }

  /** Makes a directory for an account alone; one of that name must already be the account's. */
  private static void makeDirectory(Path path, Account account) {
    try {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        if (Account.ownerOf(path).uid() != account.uid()) {
          throw new ClusterException("the directory %s belongs to somebody else".formatted(path));
        }
      } else {
        Files.createDirectory(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        account.giveTo(path);
      }
    } catch (IOException e) {
      throw new ClusterException("cannot make the directory %s: %s".formatted(path, e), e);
    }
  }

  /** Writes a file for the owner of its directory, whole or not at all. */
  private static void write(Path path, String text, String permissions) {
    try {
      Path unfinished = Files.createTempFile(path.getParent(), "write", "");
      Files.writeString(unfinished, text);
      Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString(permissions));
      Account.ownerOf(path.getParent()).giveTo(unfinished);
      Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ClusterException("cannot write %s: %s".formatted(path, e), e);
    }
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new ClusterException("cannot read %s: %s".formatted(path, e), e);
    }
  }

  /** Deletes without following links; what another process deletes meanwhile is deleted too. */
  private static void deleteTree(Path path) {
    try {
      Files.walkFileTree(
          path,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e)
                throws IOException {
              Files.deleteIfExists(folder);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new ClusterException("cannot delete %s: %s".formatted(path, e), e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted", e);
    }
  }

  private static String hash(Path path) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(path.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String randomHex(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
