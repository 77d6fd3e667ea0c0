package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bqx.connection.ConnectionOptions;
import org.junit.jupiter.api.Test;

/** Commands to type next reach the server of the call. */
class NextCommandsTest {
  private static final ConnectionOptions NONE = new ConnectionOptions(null, null, null, null, null);
  private static final ConnectionOptions SERVER =
      new ConnectionOptions("db.example", 5433, "alice", "bars", null);

  @Test
  void withoutConnectionOptionsNothingIsAdded() {
    assertThat(new NextCommands(NONE).of("./bqx migrate")).isEqualTo("./bqx migrate");
    assertThat(new NextCommands(NONE).of(null)).isNull();
    assertThat(new NextCommands(SERVER).of(null)).isNull();
  }

  @Test
  void eachCommandOfATextGetsThem() {
    NextCommands next = new NextCommands(SERVER);
    String given = "-h db.example -p 5433 -U alice -d bars";
    assertThat(next.of("list them: ./bqx migrate --info"))
        .isEqualTo("list them: ./bqx migrate " + given + " --info");
    assertThat(next.of("./bqx psql -c \"SELECT 1\" && ./bqx migrate"))
        .isEqualTo("./bqx psql " + given + " -c \"SELECT 1\" && ./bqx migrate " + given);
    assertThat(
            new NextCommands(new ConnectionOptions(null, null, null, null, "quant"))
                .of("./bqx plan"))
        .isEqualTo("./bqx plan --service quant");
  }

  @Test
  void whatNeedsNoServerIsLeftAsItIs() {
    NextCommands next = new NextCommands(SERVER);
    for (String text :
        List.of(
            "./bqx backfill --help",
            "or none for the embedded one: ./bqx up",
            "./bqx test",
            "GRANT bqx_runner TO alice (as a superuser)")) {
      assertThat(next.of(text)).isEqualTo(text);
    }
  }

  /** The shell itself says what the options are. */
  @Test
  void whatTheShellWouldTakeApartIsQuoted() throws IOException, InterruptedException {
    ConnectionOptions odd = new ConnectionOptions("/tmp/a b", null, "o'neil $HOME", "x;y", null);
    String next = new NextCommands(odd).of("./bqx plan --all");
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
    assertThat(new NextCommands(secret).of("./bqx plan")).isEqualTo("./bqx plan");
  }
}
