package org.bqx.generate;

import java.io.IOException;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import org.bqx.catalogue.Catalogue;
import org.bqx.catalogue.Catalogue.Currencies;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.imports.BarImporter;
import org.bqx.imports.BarLine;
import org.bqx.imports.ImportRules;
import org.bqx.imports.ImportSummary;
import org.bqx.imports.RejectedException;
import org.bqx.imports.Rejects;

/** Makes synthetic bars and imports them, several pairs at a time. */
public final class BarGenerator {
  private final Database database;
  private final int workers;
  private final LongConsumer progress;

  /**
   * @param database where the bars go
   * @param workers how many pairs at a time, each on its own connection
   * @param progress is told how many more bars were made
   */
  public BarGenerator(Database database, int workers, LongConsumer progress) {
    this.database = database;
    this.workers = workers;
    this.progress = progress;
  }

  /**
   * Months of a pair.
   *
   * @param pair as {@code bqx.pair} has it
   * @param from first month
   * @param to last month, included
   */
  public record Range(String pair, YearMonth from, YearMonth to) {}

  /**
   * Makes the bars of these ranges, each a transaction of its own.
   *
   * @return one summary a range, in their order
   * @throws Failure when bars are there already that are not these
   */
  public List<ImportSummary> generate(long seed, List<Range> ranges)
      throws SQLException, IOException, InterruptedException {
    Map<String, Currencies> currencies = new HashMap<>();
    try (Catalogue catalogue = new Catalogue(database)) {
      ranges.forEach(range -> currencies.computeIfAbsent(range.pair(), catalogue::currencies));
    }
    Map<Range, ImportSummary> summaries = new ConcurrentHashMap<>();
    Queue<Range> queue = new ConcurrentLinkedQueue<>(ranges);
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < Math.min(workers, ranges.size()); i++) {
        futures.add(
            pool.submit(
                () -> {
                  work(seed, currencies, queue, summaries);
                  return null;
                }));
      }
      for (Future<?> future : futures) {
        await(future);
      }
      return ranges.stream().map(summaries::get).toList();
    } finally {
      pool.shutdownNow();
    }
  }

  /** Makes the bars of ranges until none is left, or one has failed. */
  private void work(
      long seed,
      Map<String, Currencies> currencies,
      Queue<Range> queue,
      Map<Range, ImportSummary> summaries)
      throws SQLException, IOException {
    try (BarImporter importer = new BarImporter(database, ImportRules.STRICT, progress)) {
      for (Range range = queue.poll(); range != null; range = queue.poll()) {
        summaries.put(range, generate(importer, seed, range, currencies.get(range.pair())));
      }
    } finally {
      queue.clear();
    }
  }

  private static ImportSummary generate(
      BarImporter importer, long seed, Range range, Currencies currencies)
      throws SQLException, IOException {
    Rejects rejects = Rejects.counted();
    try (SyntheticBars bars =
        new SyntheticBars(seed, currencies.base(), currencies.quote(), range.from(), range.to())) {
      return importer.importBars(range.pair(), bars, rejects);
    } catch (RejectedException conflict) {
      BarLine first = rejects.first().get(0);
      throw new Failure(
          ExitCode.FAILED,
          "%s: other bars are there, %,d of them, the first: %s"
              .formatted(range.pair(), conflict.summary().rejected(), first.defect()),
          "generate other months or pairs, or with the seed of the bars that are there",
          conflict);
    }
  }

  private static void await(Future<?> future)
      throws SQLException, IOException, InterruptedException {
    try {
      future.get();
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      if (cause instanceof SQLException database) {
        throw database;
      } else if (cause instanceof IOException source) {
        throw source;
      } else if (cause instanceof RuntimeException other) {
        throw other;
      }
      throw new IllegalStateException(cause);
    }
  }
}
