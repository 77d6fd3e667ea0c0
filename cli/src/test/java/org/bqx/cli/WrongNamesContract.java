package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A name that nothing has is wrong usage in every command that takes one: exit code 2, the name,
 * what to do next, no data, and nothing is changed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WrongNamesContract {
  /** Each with the word that must be in the message. */
  private static final List<String> COMMANDS =
      List.of(
          "plan --pairs=eurxxx | eurxxx",
          "plan --family=nope | nope",
          "backfill --pairs=eurxxx | eurxxx",
          "backfill --family=nope | nope",
          "backfill --follow --family=nope | nope",
          "backfill --dry-run --pairs=eurxxx | eurxxx",
          "correlate --pairs=eurxxx | eurxxx",
          "correlate --target=w61_h60 | 61",
          "correlate --target=nope | nope",
          "correlate --dry-run --target=w61_h60 | 61",
          "correlate --dry-run --target=nope | nope",
          "correlate --features=nope.* | nope.*",
          "correlate --windows=59 | 59",
          "verify --pairs=eurxxx | eurxxx",
          "verify --family=nope | nope",
          "report --markdown --pairs=eurxxx | eurxxx",
          "report --markdown --pair=eurxxx | eurxxx",
          "report --markdown --family=nope | nope",
          "report --markdown --no-verify --family=nope | nope",
          "report --markdown --no-verify --pair=eurxxx | eurxxx",
          "report --markdown --pair=all | all",
          "serve --pairs=eurxxx | eurxxx",
          "serve --family=nope | nope",
          "gaps --pairs=eurxxx | eurxxx",
          "gaps --acknowledge --pairs=eurxxx | eurxxx",
          "families --enable=nope | nope",
          "families --disable=nope | nope",
          "families --enable=mom --disable=nope | nope",
          "generate --pairs=eurxxx --from=2024-07 --to=2024-07 | eurxxx",
          "import --from-table=nope --pair=eurusd | nope",
          "import --from-table=bqx.pair --pair=eurxxx | eurxxx",
          "migrate --target=9.9 | 9.9",
          "export --out=FOLDER --family=bqx --pairs=eurxxx | eurxxx",
          "export --out=FOLDER --family=nope | nope",
          "export nope --out=FOLDER | nope",
          "matrix show nope | nope",
          "matrix show nope --manifest | nope",
          "matrix check nope | nope",
          "matrix drop nope | nope",
          "matrix define m --pairs=eurxxx --columns=bqx.* | eurxxx",
          "matrix define m --pairs=eurusd --columns=nope.* | nope.*",
          "matrix define m --pairs=eurusd --columns=bqx.* --target=w61_h60 | 61",
          "matrix define m --pairs=eurusd --columns=bqx.* --target=nope | nope",
          "matrix define m --pairs=eurusd --columns=bqx.* --related=eurxxx --related-columns=bqx.*"
              + " | eurxxx",
          "matrix define m --pairs=eurusd --columns=bqx.* --related=eurusd --related-columns=nope.*"
              + " | nope.*",
          "matrix define m --pairs=eurusd --columns=bqx.* --lags=1 --lag-columns=nope.* | nope.*",
          "matrix define m! --pairs=eurusd --columns=bqx.* | m!");

  @TempDir private Path folder;

  private final TestDatabase database;
  private final CommandLineRunner bqx;

  WrongNamesContract(TestDatabase database, CommandLineRunner bqx) {
    this.database = database;
    this.bqx = bqx;
  }

  /** Returns the commands; a front has some more. */
  Stream<String> commands() {
    return COMMANDS.stream();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aNameThatNothingHasIsWrongUsage(String commandAndName) throws SQLException {
    String[] parts = commandAndName.split(" \\| ");
    String before = state();
    Result result = bqx.run(parts[0].replace("FOLDER", folder + "/export").split(" "));
    assertThat(result.code()).as(result.out() + result.err()).isEqualTo(2);
    assertThat(result.err()).contains(parts[1]).contains("next: ").doesNotContain("\tat ");
    assertThat(result.out()).isEmpty();
    assertThat(state()).isEqualTo(before);
  }

  private String state() throws SQLException {
    try (SqlSession sql = new SqlSession(database.connect())) {
      return sql.text(
          """
          SELECT (SELECT string_agg(family, ' ' ORDER BY family_no) FROM bqx.feature WHERE enabled)
              || (SELECT count(*) FROM bqx.correlation) || (SELECT count(*) FROM bqx.matrix)
          """);
    }
  }
}
