package org.bqx.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Where a cluster's files are, and whose.
 *
 * <p>A home holds
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
 */
final class ClusterHome {

  static final Path ROOTS_HOMES = Path.of("/var/lib/bqx");

  /** 107 bytes less {@code /.s.PGSQL.65535}. */
  private static final int LONGEST_SOCKET_DIRECTORY = 92;

  private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z0-9_/.+-]+");

  /** A file lock keeps out other processes only, this one the threads of this process. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  private final Path directory;

  ClusterHome(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  /** Returns the home, which may not exist yet. */
  Path path() {
    Path pointer = directory.resolve("home");
    if (Files.exists(pointer)) {
      return Path.of(ClusterFiles.read(pointer).strip());
    }
    boolean elsewhere =
        Account.current().isRoot()
            && !directory.startsWith(ROOTS_HOMES)
            && !Files.exists(directory.resolve("data"));
    return elsewhere ? ROOTS_HOMES.resolve(hash(directory)) : directory;
  }

  /** Returns the data directory, which may not exist yet. */
  Path data() {
    return path().resolve("data");
  }

  /** Returns the data directory without links, as a process that works in it has it. */
  Path realData() {
    try {
      return data().toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the server's log file. */
  Path log() {
    return data().resolve("server.log");
  }

  Path passwordFile() {
    return path().resolve("pgpass");
  }

  Path configuration() {
    return path().resolve("bqx.conf");
  }

  Path socketDirectory() {
    Path short_ = path().resolve("s");
    String name = short_.toString();
    boolean usable =
        PLAIN_PATH.matcher(name).matches() && name.length() <= LONGEST_SOCKET_DIRECTORY;
    return usable ? short_ : Path.of("/tmp", "bqx-" + hash(path()));
  }

  /** Returns the account that the server runs as. */
  Account account() {
    if (Files.exists(data())) {
      return Account.ownerOf(data());
    }
    return Account.current().isRoot() ? Account.postgres() : Account.current();
  }

  /**
   * Refuses another account's cluster.
   *
   * @throws ClusterException when it is one
   */
  void checkOwner() {
    Account current = Account.current();
    Path data = data();
    if (!current.isRoot() && Files.exists(data) && Account.ownerOf(data).uid() != current.uid()) {
      throw new ClusterException(
          "the cluster in %s was made by another user: run this as that user (root, if in %s)"
              .formatted(data, ROOTS_HOMES));
    }
  }

  /**
   * Makes the home, and acts while no other process and thread does.
   *
   * @param limit how long to wait for others
   */
  <T> T locked(Duration limit, Supplier<T> action) {
    checkOwner();
    Path home = path();
    ClusterFiles.makeDirectories(directory, "rwxr-xr-x");
    if (!home.equals(directory)) {
      ClusterFiles.makeDirectories(ROOTS_HOMES, "rwxr-xr-x");
      ClusterFiles.makeDirectories(home, "rwx--x--x");
      ClusterFiles.write(directory.resolve("home"), home + "\n", "rw-r--r--");
    } else if (directory.startsWith(ROOTS_HOMES)) {
      ClusterFiles.makeDirectories(home, "rwx--x--x");
    }
    long deadline = System.nanoTime() + limit.toNanos();
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
                  .formatted(home, limit.toSeconds()));
        }
        Processes.pause();
        lock = channel.tryLock();
      }
      return action.get();
    } catch (IOException e) {
      throw new ClusterException("cannot lock %s: %s".formatted(lockFile, e), e);
    } finally {
      THREADS.unlock();
    }
  }

  /** Deletes all that a cluster has made, and the directories if nothing else is in them. */
  void delete() {
    Path home = path();
    for (String name :
        List.of("data", "data.unfinished", "s", "bqx.conf", "pgpass", "initial-password", "lock")) {
      ClusterFiles.deleteTree(home.resolve(name));
    }
    ClusterFiles.deleteTree(directory.resolve("home"));
    for (Path made : List.of(home, directory)) {
      String[] others = made.toFile().list();
      if (others != null && others.length == 0) {
        ClusterFiles.deleteTree(made);
      }
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
}
