package org.bqx.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server is asked by psql: over TCP, and over the socket. */
class PostgresClusterIT {

  /** 0700, so as root no directory that the server's account could reach. */
  @TempDir Path parent;

  private PostgresCluster cluster;

  @AfterEach
  void delete() {
    if (cluster != null) {
      cluster.delete();
    }
  }

  @Test
  void startsOnceKeepsItsDataOverAKillAndStops() throws Exception {
    cluster = embedded("project with 'odd' $name");
    assertThat(cluster.address()).isEmpty();
    assertThat(cluster.stop()).isFalse();

    ServerAddress address = cluster.start();
    long pid = cluster.processId().orElseThrow();
    assertThat(cluster.start()).isEqualTo(address);
    assertThat(cluster.processId()).hasValue(pid);

    assertThat(psql(address, "SHOW server_encoding")).isEqualTo("UTF8");
    assertThat(psql(address, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
    assertThat(psql(address, "SHOW wal_level")).isEqualTo("minimal");
    assertThat(psql(address, "SHOW jit")).isEqualTo("off");
    assertThat(psql(address, "SHOW synchronous_commit")).isEqualTo("on");
    assertThat(psql(address, "SHOW fsync")).isEqualTo("on");
    assertThat(psql(address, "SHOW work_mem")).isEqualTo("5MB");
    psql(address, "CREATE TABLE kept AS SELECT 42 AS n");

    ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
    postmaster.destroyForcibly();
    postmaster.onExit().get(10, TimeUnit.SECONDS);
    assertThat(cluster.address()).isEmpty();

    ServerAddress again = cluster.start();
    assertThat(again).isEqualTo(address);
    assertThat(psql(again, "SELECT n FROM kept")).isEqualTo("42");

    assertThat(cluster.stop()).isTrue();
    assertThat(cluster.address()).isEmpty();
    assertThat(cluster.processId()).isEmpty();
    assertThat(cluster.stop()).isFalse();
  }

  @Test
  void startsBesideABackendThatOutlivedItsPostmaster() throws Exception {
    cluster = embedded("a");
    ServerAddress address = cluster.start();
    // A stopped process notices nothing, like a backend in a long Java call.
    Process session = psqlProcess(address, address.host(), "SELECT pg_sleep(60)");
    String backend = waitForBackend(address);
    signal("-STOP", backend);
    ProcessHandle postmaster = ProcessHandle.of(cluster.processId().orElseThrow()).orElseThrow();
    signal("-KILL", Long.toString(postmaster.pid()));
    // A signal is on its way for a while, longer on a busy machine: until then the server runs.
    postmaster.onExit().get(10, TimeUnit.SECONDS);
    assertThat(psql(cluster.start(), "SELECT 1")).isEqualTo("1");
    assertThat(Processes.isAlive(Long.parseLong(backend))).isFalse();
    session.destroyForcibly();
  }

  @Test
  void takesAnotherPortWhenItsOwnIsTaken() throws Exception {
    cluster = embedded("a");
    int port = cluster.start().port();
    cluster.stop();
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
      ServerAddress address = cluster.start();
      assertThat(address.port()).isNotEqualTo(taken.getLocalPort());
      assertThat(psql(address, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void ignoresAPidFileWhosePidIsAnotherProcess() throws Exception {
    cluster = embedded("a");
    cluster.start();
    Path pidFile = cluster.data().resolve("postmaster.pid");
    List<String> lines = Files.readAllLines(pidFile);
    cluster.stop();
    // Of the same account, which is where PostgreSQL itself refuses to start.
    Account account = Account.ownerOf(cluster.data());
    Process other = new ProcessBuilder(asAccount(account, "sleep", "60")).start();
    lines.set(0, Long.toString(other.pid()));
    Files.write(pidFile, lines);
    account.giveTo(pidFile);
    assertThat(cluster.address()).isEmpty();
    assertThat(psql(cluster.start(), "SELECT 1")).isEqualTo("1");
    assertThat(other.isAlive()).isTrue();
    other.destroyForcibly();
  }

  @Test
  void beginsAnewAfterAnInterruptedInitdb() throws Exception {
    cluster = embedded("a");
    cluster.start();
    cluster.stop();
    Files.move(cluster.data(), cluster.data().resolveSibling("data.unfinished"));
    assertThat(psql(cluster.start(), "SELECT 1")).isEqualTo("1");
    assertThat(cluster.data().resolveSibling("data.unfinished")).doesNotExist();
  }

  @Test
  void twoProcessesAtOnceStartOneServer() throws Exception {
    cluster = embedded("a");
    Process[] starters = new Process[2];
    for (int i = 0; i < starters.length; i++) {
      starters[i] =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Starter.class.getName(),
                  parent.resolve("a").toString())
              .redirectErrorStream(true)
              .start();
    }
    String first = new String(starters[0].getInputStream().readAllBytes());
    String second = new String(starters[1].getInputStream().readAllBytes());
    assertThat(first).isEqualTo(second).contains("127.0.0.1");
    // It outlives its starters.
    assertThat(cluster.address().orElseThrow()).hasToString(first.strip());
  }

  /** A process that starts the cluster and ends. */
  static final class Starter {
    public static void main(String[] directory) {
      System.out.println(PostgresCluster.at(Path.of(directory[0]), Map.of()).start());
    }
  }

  @Test
  void isClosedToOthers() throws Exception {
    cluster = embedded("a");
    ServerAddress address = cluster.start();
    for (String host : List.of(address.host(), address.socketDirectory().toString())) {
      Process refused = psqlProcess(address, host, "SELECT 1", Path.of("/dev/null"));
      String output = new String(refused.getInputStream().readAllBytes());
      assertThat(refused.waitFor()).as(output).isEqualTo(2);
      assertThat(output).contains("no password supplied");
    }
    assertThat(psqlOn(address, address.socketDirectory().toString(), "SELECT 1")).isEqualTo("1");
    assertThat(permissions(cluster.data())).isEqualTo("rwx------");
    assertThat(permissions(address.socketDirectory())).isEqualTo("rwx------");
    assertThat(permissions(address.passwordFile())).isEqualTo("rw-------");
    assertThat(permissions(cluster.log())).isEqualTo("rw-------");
    assertThat(address.toString()).doesNotContain(address.password());
  }

  @Test
  void listensOnLoopbackAlone() throws Exception {
    cluster = embedded("a");
    String port = "%04X".formatted(cluster.start().port());
    List<String> listening = new ArrayList<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      Path path = Path.of(table);
      assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "no /proc/net");
      if (Files.exists(path)) {
        Files.readAllLines(path).stream()
            .map(line -> line.strip().split("\\s+"))
            .filter(fields -> fields[1].endsWith(":" + port) && fields[3].equals("0A"))
            .forEach(fields -> listening.add(fields[1]));
      }
    }
    assertThat(listening).containsExactly("0100007F:" + port);
  }

  @Test
  void anotherUserOfTheMachineGetsNothing() throws Exception {
    assumeTrue(Account.current().isRoot(), "only root can become another user");
    Account nobody = new Account(65534, 65534);
    cluster = embedded("a");
    ServerAddress address = cluster.start();
    String psql =
        "%s -XqAtw -p %d -U postgres -d postgres -c 'SELECT 1' -h "
            .formatted(PostgresInstallation.find().program("psql"), address.port());
    Path home = cluster.data().getParent();

    assertThat(sh(nobody, psql + "127.0.0.1")).contains("no password supplied");
    assertThat(sh(nobody, "PGPASSWORD=postgres " + psql + "127.0.0.1"))
        .contains("password authentication failed");
    assertThat(sh(nobody, "PGPASSFILE=%s ".formatted(address.passwordFile()) + psql + "127.0.0.1"))
        .contains("no password supplied");
    assertThat(sh(nobody, psql + "'" + address.socketDirectory() + "'"))
        .contains("Permission denied");
    for (String what :
        List.of("cat pgpass", "ls data", "cat data/server.log", "ls s", "ls .", "touch x")) {
      assertThat(sh(nobody, "cd '%s' && %s".formatted(home, what)))
          .as(what)
          .contains("Permission denied");
    }
    assertThat(Files.readString(home.resolve("bqx.conf"))).doesNotContain(address.password());
    assertThat(home.resolve("initial-password")).doesNotExist();
  }

  /** The configuration and the lock, which say nothing of the password, are the only exceptions. */
  @Test
  void filesAreOfTheirOwnerAlone() throws Exception {
    cluster = embedded("a");
    cluster.start();
    Path home = cluster.data().getParent();
    try (var files = Files.walk(home)) {
      assertThat(files.filter(file -> !file.equals(home)).filter(PostgresClusterIT::isOpenToOthers))
          .extracting(file -> home.relativize(file).toString())
          .isSubsetOf("bqx.conf", "home", "lock");
    }
  }

  private static boolean isOpenToOthers(Path file) {
    try {
      return !Files.isSymbolicLink(file) && !permissions(file).endsWith("------");
    } catch (NoSuchFileException gone) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a command says that must fail. */
  private static String sh(Account account, String command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(asAccount(account, "sh", "-c", command)).redirectErrorStream(true);
    builder.directory(new File("/"));
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(output).isNotZero();
    return output;
  }

  @Test
  void rootRunsItAsAnotherAccountWhereThatCanReach() {
    assumeTrue(Account.current().isRoot(), "not root");
    cluster = embedded("a");
    cluster.start();
    assertThat(cluster.data()).startsWithRaw(Path.of("/var/lib/bqx"));
    assertThat(Account.ownerOf(cluster.data())).isEqualTo(Account.postgres());
    Path home = cluster.data().getParent();
    assertThat(Account.ownerOf(home).isRoot()).isTrue();
    assertThat(parent.resolve("a/home")).hasContent(home.toString());
    cluster.delete();
    assertThat(home).doesNotExist();
    assertThat(parent.resolve("a")).doesNotExist();
  }

  @Test
  void aSettingTheServerRefusesIsReportedFromItsLog() {
    cluster = PostgresCluster.at(parent.resolve("a"), Map.of("no_such_setting", "1"));
    assertThatThrownBy(() -> cluster.start())
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("unrecognized configuration parameter \"no_such_setting\"");
  }

  @Test
  void aTemporaryOneGoesWithItsProcess() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Temporary.class.getName())
            .redirectErrorStream(true)
            .start();
    try (var output = process.inputReader()) {
      Path data = Path.of(output.readLine());
      assertThat(data).isDirectory();
      long postmaster = Long.parseLong(output.readLine());
      process.destroyForcibly().waitFor();
      ProcessHandle server = ProcessHandle.of(postmaster).orElseThrow();

      PostgresCluster next = PostgresCluster.temporary(Map.of());
      assertThat(data.getParent()).doesNotExist();
      server.onExit().get(10, TimeUnit.SECONDS);
      assertThat(psql(next.start(), "SHOW fsync")).isEqualTo("off");
      next.delete();
      assertThat(next.data().getParent()).doesNotExist();
    }
  }

  /** A process that holds a temporary cluster until it is killed. */
  static final class Temporary {
    public static void main(String[] args) throws InterruptedException {
      PostgresCluster cluster = PostgresCluster.temporary(Map.of());
      cluster.start();
      System.out.println(cluster.data());
      System.out.println(cluster.processId().orElseThrow());
      Thread.sleep(60_000);
    }
  }

  private PostgresCluster embedded(String name) {
    return PostgresCluster.at(
        parent.resolve(name), Map.of("shared_buffers", "32MB", "work_mem", "5MB"));
  }

  private String psql(ServerAddress address, String sql) throws Exception {
    return psqlOn(address, address.host(), sql);
  }

  private String psqlOn(ServerAddress address, String host, String sql) throws Exception {
    Process process = psqlProcess(address, host, sql);
    String output = new String(process.getInputStream().readAllBytes()).strip();
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  private Process psqlProcess(ServerAddress address, String host, String sql) throws IOException {
    return psqlProcess(address, host, sql, address.passwordFile());
  }

  private Process psqlProcess(ServerAddress address, String host, String sql, Path passwordFile)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            PostgresInstallation.find().program("psql").toString(),
            "-XqAtw",
            "-h" + host,
            "-p" + address.port(),
            "-U" + address.user(),
            "-dpostgres",
            "-c" + sql);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("PGPASSFILE", passwordFile.toString());
    builder.environment().put("LC_ALL", "C");
    return builder.redirectErrorStream(true).start();
  }

  private String waitForBackend(ServerAddress address) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (System.nanoTime() < deadline) {
      String pid = psql(address, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
      if (!pid.isEmpty()) {
        return pid;
      }
    }
    throw new AssertionError("no backend sleeps");
  }

  private static void signal(String signal, String pid) throws Exception {
    assertThat(new ProcessBuilder("sh", "-c", "kill " + signal + " " + pid).start().waitFor())
        .isZero();
  }

  private static List<String> asAccount(Account account, String... command) {
    List<String> line =
        new ArrayList<>(
            Account.current().isRoot()
                ? List.of(
                    "setpriv",
                    "--reuid=" + account.uid(),
                    "--regid=" + account.gid(),
                    "--clear-groups")
                : List.of());
    line.addAll(List.of(command));
    return line;
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
