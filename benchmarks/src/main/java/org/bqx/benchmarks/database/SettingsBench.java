package org.bqx.benchmarks.database;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.bqx.benchmarks.report.Sample;
import org.bqx.benchmarks.report.SettingResult;
import org.bqx.partition.PartitionRange;
import org.bqx.run.Backfill;
import org.bqx.run.BackfillRequest;
import org.bqx.run.RunSettings;

/**
 * What settings of the server do: a server for each, all there at once, which compute the same
 * range in turn.
 */
public final class SettingsBench implements AutoCloseable {
  /** The defaults of {@link BenchServer}, and what else people set. */
  private static final Map<String, Map<String, String>> VARIANTS = variants();

  private static final YearMonth FROM = YearMonth.of(2024, 7);

  private record Key(String variant, boolean floor) {}

  private final List<BenchServer> servers = new ArrayList<>();
  private final Rounds<Key> all = new Rounds<>();

  private static Map<String, Map<String, String>> variants() {
    Map<String, Map<String, String>> variants = new LinkedHashMap<>();
    variants.put("as it comes", Map.of());
    variants.put("synchronous_commit=off", Map.of("synchronous_commit", "off"));
    variants.put("wal_level=replica", Map.of("wal_level", "replica"));
    variants.put(
        "wal_level=replica max_wal_size=1GB",
        Map.of("wal_level", "replica", "max_wal_size", "1GB"));
    variants.put(
        "wal_level=replica wal_compression=lz4",
        Map.of("wal_level", "replica", "wal_compression", "lz4"));
    variants.put("shared_buffers=128MB", Map.of("shared_buffers", "128MB"));
    variants.put("fsync=off", Map.of("fsync", "off"));
    return variants;
  }

  /**
   * Starts the servers and makes the bars.
   *
   * @param families that are measured, empty for all that are enabled
   * @param progress is told how many more bars were made
   */
  public SettingsBench(
      List<String> families, int pairCount, int monthCount, int workers, LongConsumer progress)
      throws Exception {
    YearMonth to = FROM.plusMonths(monthCount - 1L);
    for (Map.Entry<String, Map<String, String>> variant : VARIANTS.entrySet()) {
      BenchServer server = new BenchServer(variant.getValue());
      servers.add(server);
      BenchDatabase database = server.createDatabase("bench", families);
      List<String> pairs = database.pairs().subList(0, pairCount);
      database.generate(pairs, FROM, to, progress);
      add(variant.getKey(), database, pairs, to, workers);
    }
  }

  private void add(
      String variant, BenchDatabase database, List<String> pairs, YearMonth to, int workers)
      throws Exception {
    Session session = database.connect();
    MeasuredPartition floor =
        new MeasuredPartition(session, database.exampleFamily(), pairs.get(0), FROM);
    floor.forget();
    all.add(1, new Key(variant, true), () -> {}, floor::writeFloor, floor::dropFloor);
    BackfillRequest request =
        new BackfillRequest(
            new PartitionRange(database.families(), pairs, FROM, to), workers, false);
    all.add(
        1,
        new Key(variant, false),
        () -> session.execute("CHECKPOINT"),
        () -> {
          new Backfill(database.database(), request, RunSettings.DEFAULT, RangeBench.SILENT).run();
          // What a setting leaves for later is to be paid, too.
          session.execute("CHECKPOINT");
        },
        () -> session.execute("CALL bench.forget()"));
  }

  /**
   * Measures.
   *
   * @param rounds rounds that count
   * @param total is told how many measurements there will be
   * @param afterMeasurement is told of each
   */
  public List<SettingResult> run(int rounds, IntConsumer total, Runnable afterMeasurement)
      throws Exception {
    total.accept(all.size(rounds));
    Map<Key, Sample> samples = all.run(rounds, afterMeasurement);
    return VARIANTS.keySet().stream()
        .map(
            variant ->
                new SettingResult(
                    variant,
                    samples.get(new Key(variant, false)),
                    samples.get(new Key(variant, true))))
        .toList();
  }

  /** Returns the server with nothing else set. */
  public BenchServer plain() {
    return servers.get(0);
  }

  @Override
  public void close() {
    servers.forEach(BenchServer::close);
  }
}
