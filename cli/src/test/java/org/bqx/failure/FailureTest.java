package org.bqx.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** The JDK's message of a file is its path alone, and of a host its name. */
class FailureTest {
  @Test
  void aFileThatCannotBeReadIsNamedInWords() {
    IOException missing = new NoSuchFileException("bars.csv");
    assertThat(Failure.of(missing)).hasMessage("no such file: bars.csv");
    assertThat(Failure.of(new UncheckedIOException(missing))).hasMessage("no such file: bars.csv");
    assertThat(Failure.of(new UnknownHostException("nowhere"))).hasMessage("no such host: nowhere");
    assertThat(Failure.of(new IOException())).hasMessage("cannot be read or written");
    assertThat(Failure.of(new EOFException())).hasMessage("it is cut off");
  }

  @Test
  void whatAFileHidesIsTold() {
    Failure hidden = new Failure(ExitCode.USAGE, "name another", null);
    assertThat(Failure.of(new IOException("the file", hidden))).isSameAs(hidden);
  }

  /** postgres_fdw says no more than this of a node that no password is known for. */
  @Test
  void aNodesPasswordThatIsMissingHasAWayOut() {
    Failure failure = Failure.of(new SQLException("password is required", "2F003"));
    assertThat(failure).hasMessage("password is required [2F003]");
    assertThat(failure.hint()).contains("the node's role").contains("~/.pgpass");
  }
}
