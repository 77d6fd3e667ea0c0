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
import org.bqx.catalogue.FamilyStore;
import org.bqx.connection.Database;
import org.bqx.failure.Failure;
import org.bqx.generate.BarGenerator;
import org.bqx.generate.BarGenerator.Range;
import org.bqx.migrations.Migrations;

/** A database with the schema of bqx, synthetic bars, and schema {@code bench} to measure with. */
public final class BenchDatabase {
  private static final long SEED = 1;

  private final Database database;
  private final List<String> families;
  private final List<String> pairs;

  BenchDatabase(Database database, List<String> names) throws SQLException, IOException {
    this.database = database;
    Migrations.flyway(database.dataSource(), Map.of()).migrate();
    try (Catalogue catalogue = new Catalogue(database)) {
      families = catalogue.families(names);
      pairs = catalogue.pairs(List.of());
    }
    try (Session session = connect()) {
      session.execute(resource("bench.sql"));
    }
  }

  /** Returns the families that are measured, of which there is one at least. */
  List<String> families() {
    return families;
  }

  /** Returns the family that stands for all where one is enough. */
  String exampleFamily() {
    return families.get(families.size() - 1);
  }

  /** Returns all pairs, with bars or without. */
  public List<String> pairs() {
    return pairs;
  }

  Database database() {
    return database;
  }

  /**
   * Has families computed, whether they are by default or not.
   *
   * @param names families, or {@code all}
   * @return their names
   * @throws Failure when one does not exist
   */
  public List<String> enable(List<String> names) throws SQLException {
    try (FamilyStore store = new FamilyStore(database)) {
      List<String> named = store.named(names).stream().distinct().toList();
      named.forEach(family -> store.enable(family, true));
      return named;
    }
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

  /**
   * Gives a pair's bars a bid and an ask, which synthetic bars have not: a spread of 3 to 9 hundred
   * thousandths of the price.
   */
  public void quote(String pair) throws SQLException {
    try (Session session = connect()) {
      session.execute(
          """
          UPDATE bqx.m1 SET
              bid_close = close * 0.99998,
              ask_close = close * (1.00001 + 0.00001 * (extract(epoch FROM time) / 60 %% 7))
          WHERE pair = '%s'"""
              .formatted(pair));
      session.execute("VACUUM ANALYZE bqx.m1");
      session.execute("CHECKPOINT");
    }
  }

  static String resource(String name) {
    String text = resourceOrNull(name);
    if (text == null) {
      throw new IllegalStateException("resource %s is not there".formatted(name));
    }
    return text;
  }

  static String resourceOrNull(String name) {
    try (InputStream stream = BenchDatabase.class.getResourceAsStream(name)) {
      return stream == null ? null : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
