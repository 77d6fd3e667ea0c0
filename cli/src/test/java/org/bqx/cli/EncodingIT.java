package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bqx.cli.CommandLineRunner.Result;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database may be in any encoding that PostgreSQL has for servers. */
class EncodingIT {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final CommandLineRunner BQX = new CommandLineRunner(DATABASE);

  @ParameterizedTest
  @ValueSource(strings = {"LATIN1", "SQL_ASCII", "EUC_JP", "WIN1252"})
  void everythingWorksIn(String encoding) throws SQLException {
    String name = DATABASE.name() + "_" + encoding.toLowerCase(Locale.ROOT);
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute(
          "CREATE DATABASE %s ENCODING '%s' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
              .formatted(name, encoding));
      try {
        for (List<String> command :
            List.of(
                List.of("migrate"),
                List.of("migrate"),
                List.of("generate", "--pairs", "eurusd", "--from", "2024-07", "--to", "2024-07"),
                List.of("backfill"),
                List.of("verify"),
                List.of("doctor"))) {
          Result result = BQX.runWith(Map.of("PGDATABASE", name), command.toArray(String[]::new));
          assertThat(result.code()).as("%s: %s%s", command, result.out(), result.err()).isZero();
        }
      } finally {
        sql.execute("DROP DATABASE " + name + " WITH (FORCE)");
      }
    }
  }
}
