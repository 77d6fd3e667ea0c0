package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Map;
import org.bqx.testkit.FrontNode;
import org.bqx.testkit.TestDatabase;

/** A front and its only node, each in a cluster of its own, for the contracts of commands. */
final class FrontOfOneNode {
  private final TestDatabase front;
  private final TestDatabase node;
  private final Path passwords;

  FrontOfOneNode(TestDatabase front, TestDatabase node) {
    this.front = front;
    this.node = node;
    try {
      passwords = Files.createTempFile("bqx", ".pgpass");
      Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Migrates both, and has all pairs live on the node. */
  void make() throws SQLException, IOException {
    assertThat(new CommandLineRunner(node).run("migrate").code()).isZero();
    assertThat(new CommandLineRunner(front).run("migrate", "--front").code()).isZero();
    FrontNode.add(front, node);
    Files.writeString(passwords, FrontNode.passwordLine(node) + "\n");
  }

  /** Runs commands on the front, as who may log in on the node besides. */
  CommandLineRunner runner() {
    return new CommandLineRunner(front, Map.of("PGPASSFILE", passwords.toString()));
  }

  void delete() throws IOException {
    Files.delete(passwords);
  }
}
