package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.bqx.connection.ConnectionOptions;
import org.bqx.connection.Rights;
import org.junit.jupiter.api.Test;

/** Commands to type next reach the server of the call. */
class NextCommandsTest {
  private static final ConnectionOptions NONE = new ConnectionOptions(null, null, null, null, null);
  private static final ConnectionOptions SERVER =
      new ConnectionOptions("db.example", 5433, "alice", "bars", null);

  private static final Supplier<Rights> ALL = () -> Rights.ALL;

  @Test
  void withoutConnectionOptionsNothingIsAdded() {
    assertThat(new NextCommands(NONE, ALL).of("./bqx migrate")).isEqualTo("./bqx migrate");
    assertThat(new NextCommands(NONE, ALL).of(null)).isNull();
    assertThat(new NextCommands(SERVER, ALL).of(null)).isNull();
  }

  @Test
  void eachCommandOfATextGetsThem() {
    NextCommands next = new NextCommands(SERVER, ALL);
    String given = "-h db.example -p 5433 -U alice -d bars";
    assertThat(next.of("list them: ./bqx migrate --info"))
        .isEqualTo("list them: ./bqx migrate " + given + " --info");
    assertThat(next.of("./bqx psql -c \"SELECT 1\" && ./bqx migrate"))
        .isEqualTo("./bqx psql " + given + " -c \"SELECT 1\" && ./bqx migrate " + given);
    assertThat(
            new NextCommands(new ConnectionOptions(null, null, null, null, "quant"), ALL)
                .of("./bqx plan"))
        .isEqualTo("./bqx plan --service quant");
  }

  /** As hints of the server are: what is typed as it is printed has no full stop. */
  @Test
  void aSentenceThatEndsWithACommandHasNoFullStop() {
    NextCommands next = new NextCommands(NONE, ALL);
    assertThat(next.of("the client can compute: ./bqx migrate --engine client."))
        .isEqualTo("the client can compute: ./bqx migrate --engine client");
    assertThat(new NextCommands(SERVER, ALL).of("Compute them: ./bqx backfill."))
        .isEqualTo("Compute them: ./bqx backfill -h db.example -p 5433 -U alice -d bars");
    for (String text :
        List.of(
            "./bqx node move PAIR NODE takes each of them elsewhere.",
            "Migrate with this release, ./bqx migrate, or compute with the one that migrated.")) {
      assertThat(next.of(text)).isEqualTo(text);
    }
  }

  @Test
  void whatNeedsNoServerIsLeftAsItIs() {
    NextCommands next = new NextCommands(SERVER, ALL);
    for (String text :
        List.of(
            "./bqx backfill --help",
            "or none for the embedded one: ./bqx up",
            "./bqx test",
            "GRANT bqx_runner TO alice (as a superuser)")) {
      assertThat(next.of(text)).isEqualTo(text);
    }
  }

  /** A role is no part of a command that another role has to type. */
  @Test
  void whatTheRoleMayNotDoSaysWhoMay() {
    String server = " -h db.example -p 5433 -d bars";
    NextCommands reader =
        new NextCommands(SERVER, () -> new Rights(false, false, false, false, false));
    assertThat(reader.of("./bqx backfill --retry"))
        .isEqualTo("as a member of bqx_runner: ./bqx backfill" + server + " --retry");
    assertThat(reader.of("./bqx migrate")).isEqualTo("as a superuser: ./bqx migrate" + server);
    assertThat(reader.of("2 gaps: ./bqx gaps"))
        .isEqualTo("2 gaps: ./bqx gaps -h db.example -p 5433 -U alice -d bars");
    assertThat(reader.of("ALTER DATABASE bars SET jit = off"))
        .isEqualTo("as the database's owner: ALTER DATABASE bars SET jit = off");
    assertThat(reader.of("ALTER SYSTEM RESET fsync"))
        .isEqualTo("as a superuser: ALTER SYSTEM RESET fsync");
    assertThat(reader.of("GRANT bqx_runner TO alice (as a superuser)"))
        .isEqualTo("GRANT bqx_runner TO alice (as a superuser)");

    NextCommands runner =
        new NextCommands(SERVER, () -> new Rights(false, false, true, false, true));
    assertThat(runner.of("add it: ./bqx psql -c \"SELECT bqx.enable_family('rate')\""))
        .isEqualTo(
            "add it: as a superuser or a member of bqx_owner: ./bqx psql"
                + server
                + " -c \"SELECT bqx.enable_family('rate')\"");
    assertThat(runner.of("SELECT bqx.set_baseline('eurusd')"))
        .isEqualTo("SELECT bqx.set_baseline('eurusd')");
    assertThat(runner.of("list them: ./bqx migrate --info")).doesNotContain("superuser");
  }

  /** The shell itself says what the options are. */
  @Test
  void whatTheShellWouldTakeApartIsQuoted() throws IOException, InterruptedException {
    ConnectionOptions odd = new ConnectionOptions("/tmp/a b", null, "o'neil $HOME", "x;y", null);
    String next = new NextCommands(odd, ALL).of("./bqx plan --all");
    Process shell =
        new ProcessBuilder("sh", "-c", next.replace("./bqx", "printf '%s\\n'"))
            .redirectErrorStream(true)
            .start();
    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines())
        .containsExactly("plan", "-h", "/tmp/a b", "-U", "o'neil $HOME", "-d", "x;y", "--all");
    assertThat(shell.waitFor()).isZero();
  }

  @Test
  void aConnectionStringIsNotShown() {
    ConnectionOptions secret =
        new ConnectionOptions(null, null, null, "postgresql://alice:secret@db/bars", null);
    assertThat(new NextCommands(secret, ALL).of("./bqx plan")).isEqualTo("./bqx plan");
  }
}
