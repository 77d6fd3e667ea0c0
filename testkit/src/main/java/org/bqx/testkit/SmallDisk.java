package org.bqx.testkit;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system in memory that is soon full. */
public final class SmallDisk implements AutoCloseable {
  private final Path path;

  private SmallDisk(Path path) {
    this.path = path;
  }

  /**
   * Mounts one for the server; aborts the test, loudly, where this is not root's.
   *
   * @param folder below which to mount it, a temporary one
   * @param size as mount has it, such as {@code 600k}
   * @param data the server's data directory, whose owner gets the disk
   */
  public static SmallDisk mount(Path folder, String size, Path data) throws IOException {
    Path path = Files.createTempDirectory(folder, "disk");
    if (run("mount", "-t", "tmpfs", "-o", "size=" + size + ",mode=0700", "none", path.toString())
        != 0) {
      String reason = "SKIPPED a full disk: only root can mount a small tmpfs";
      System.err.println(reason);
      return abort(reason);
    }
    Files.setOwner(path, Files.getOwner(data));
    // A temporary folder is its owner's alone.
    for (Path above = path.getParent(); above.startsWith("/tmp/"); above = above.getParent()) {
      require("chmod", "o+x", above.toString());
    }
    return new SmallDisk(path);
  }

  /** Returns where it is mounted. */
  public Path path() {
    return path;
  }

  /** Gives it another size. */
  public void resize(String size) throws IOException {
    require("mount", "-o", "remount,size=" + size, path.toString());
  }

  @Override
  public void close() throws IOException {
    require("umount", "-l", path.toString());
  }

  private static void require(String... command) throws IOException {
    if (run(command) != 0) {
      throw new IOException("failed: " + String.join(" ", command));
    }
  }

  private static int run(String... command) throws IOException {
    Process process = new ProcessBuilder(List.of(command)).inheritIO().start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
