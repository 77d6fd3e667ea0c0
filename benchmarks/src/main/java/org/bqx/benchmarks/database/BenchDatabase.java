package org.bqx.benchmarks.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.generate.BarGenerator;
import org.bqx.generate.BarGenerator.Range;
import org.bqx.migrations.Migrations;

/** A database with the schema of bqx, synthetic bars, and schema {@code bench} to measure with. */
public final class BenchDatabase {
  private static final long SEED = 1;

  private final Database database;
  private final List<String> families;
  private final List<String> pairs;

  BenchDatabase(Database database, Map<String, String> placeholders)
      throws SQLException, IOException {
    this.database = database;
    Migrations.flyway(database.dataSource(), placeholders).migrate();
    try (Catalogue catalogue = new Catalogue(database)) {
      families = catalogue.families(List.of());
      pairs = catalogue.pairs(List.of());
    }
    try (Session session = connect()) {
      session.execute(resource("bench.sql"));
    }
  }

  /** Returns the families that bqx computes. */
  List<String> families() {
    return families;
  }

  /** Returns all pairs, with bars or without. */
  public List<String> pairs() {
    return pairs;
  }

  Database database() {
    return database;
  }

  /** Connects. Keys are built without parallel workers, as bqx does: for a month it is faster. */
  Session connect() throws SQLException {
    Session session = new Session(database.connect());
    session.execute("SET max_parallel_maintenance_workers = 0");
    return session;
  }

  /**
   * Makes bars, and leaves their tables as a server does that has had time to look after them.
   *
   * @param progress is told how many more bars were made
   */
  public void generate(List<String> ofPairs, YearMonth from, YearMonth to, LongConsumer progress)
      throws SQLException, IOException, InterruptedException {
    int workers = Runtime.getRuntime().availableProcessors();
    new BarGenerator(database, workers, progress)
        .generate(SEED, ofPairs.stream().map(pair -> new Range(pair, from, to)).toList());
    try (Session session = connect()) {
      session.execute("VACUUM ANALYZE bqx.m1");
      session.execute("CHECKPOINT");
    }
  }

  static String resource(String name) {
    try (InputStream stream = BenchDatabase.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
