package org.bqx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.zip.GZIPInputStream;
import org.bqx.testkit.RealBars;
import org.bqx.testkit.SqlSession;
import org.bqx.testkit.TestDatabase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The mutations on the first real bars of a yen pair. */
@RealBars.Required
class RealBarsVerifyIT extends VerifyContract {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.create();

  private static final int BARS = 2_000;

  @TempDir private static Path folder;

  RealBarsVerifyIT() {
    super(DATABASE, "usdjpy", "2021-01-25 18:11 UTC", "2021-01-30 12:00 UTC");
  }

  @BeforeAll
  static void importBars() throws IOException, SQLException {
    CommandLineRunner bqx = new CommandLineRunner(DATABASE);
    Path file = folder.resolve("usdjpy.csv");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Files.newInputStream(RealBars.directory().resolve("usdjpy_2021.csv.gz"))),
                StandardCharsets.US_ASCII))) {
      Files.write(file, lines.lines().limit(BARS + 1).toList());
    }
    assertThat(bqx.run("migrate").code()).isZero();
    assertThat(bqx.run("import", file.toString(), "--pair", "usdjpy").code()).isZero();
    try (SqlSession sql = new SqlSession(DATABASE.connect())) {
      sql.execute("SELECT bqx.set_baseline('usdjpy', '2021-01-01')");
    }
  }
}
