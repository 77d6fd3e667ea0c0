package org.bqx.benchmarks.database;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bqx.benchmarks.report.Measure;
import org.bqx.engine.Engine;
import org.bqx.engine.EngineName;
import org.bqx.kernel.Bars;
import org.bqx.kernel.Families;
import org.bqx.kernel.FamilyRows;
import org.bqx.partition.Partition;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * One partition and what its time goes into: other ways to write its rows, its steps, its kernel.
 */
final class DissectedPartition extends MeasuredPartition {
  private static final int CHUNK = 1 << 20;

  private final byte[] copied;
  private final Bars bars;
  private final int[] windows;
  private final int skip;
  private final int tail;
  private final String pair;
  private final YearMonth month;
  private final Path folder;
  private final List<Long> sizes;
  private final List<Path> files = new ArrayList<>();

  DissectedPartition(Session session, String family, String pair, YearMonth month)
      throws SQLException, IOException {
    super(session, family, pair, month);
    this.pair = pair;
    this.month = month;
    session.execute(
        "CREATE TABLE bench.truncated_%1$s (LIKE bqx.%1$s, PRIMARY KEY (ts_utc))"
            .formatted(family));
    ByteArrayOutputStream binary = new ByteArrayOutputStream();
    copies().copyOut("COPY %s TO STDOUT (FORMAT binary)".formatted(precomputed()), binary);
    copied = binary.toByteArray();
    List<String> source =
        session
            .rows(
                "SELECT inputs::text, bars, windows::text, skip, tail FROM bqx.read_source"
                    + call())
            .get(0);
    bars =
        new Bars(
            elements(source.get(0)).mapToDouble(Double::parseDouble).toArray(),
            Integer.parseInt(source.get(1)));
    windows = elements(source.get(2)).mapToInt(Integer::parseInt).toArray();
    skip = Integer.parseInt(source.get(3));
    tail = Integer.parseInt(source.get(4));
    folder = Path.of(session.text("SHOW data_directory"));
    sizes =
        List.of(
            session.number("SELECT pg_relation_size('%s')".formatted(partition())),
            session.number("SELECT pg_indexes_size('%s')".formatted(partition())));
  }

  /** Writes as many bytes as the table and its key have, beside the server's own. */
  void writeFiles() throws IOException {
    for (long size : sizes) {
      Path file = Files.createTempFile(folder, "bench", null);
      files.add(file);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        int chunk = Math.min(CHUNK, copied.length);
        for (long left = size; left > 0; ) {
          left -= channel.write(ByteBuffer.wrap(copied, 0, (int) Math.min(chunk, left)));
        }
        channel.force(true);
      }
    }
  }

  void deleteFiles() throws IOException {
    for (Path file : files) {
      Files.delete(file);
    }
    files.clear();
  }

  /** Writes the floor and drops it again; returns milliseconds. */
  Map<Measure, Double> floorSteps() throws Exception {
    double insert = Rounds.milliseconds(this::beginFloor);
    double rest = Rounds.milliseconds(this::finishFloor);
    dropFloor();
    return Map.of(Measure.FLOOR_INSERT, insert, Measure.FLOOR, insert + rest);
  }

  void createAs() throws SQLException {
    session().execute("BEGIN", "CREATE TABLE bench.floor AS TABLE " + precomputed());
    finishFloor();
  }

  /** Computes the partition where it is missing, by the client's engine in the same session. */
  void byClient() {
    Engine.on(session().connection(), EngineName.CLIENT)
        .compute(new Partition(family(), pair, month), false);
  }

  /** Computes the partition again. */
  void force() throws SQLException {
    session().execute("SELECT bqx.backfill" + call().replace(")", ", force => true)"));
  }

  void truncateAndInsert() throws SQLException {
    session()
        .execute(
            "BEGIN",
            "TRUNCATE bench.truncated_" + family(),
            "INSERT INTO bench.truncated_%s SELECT * FROM %s".formatted(family(), precomputed()),
            "COMMIT");
  }

  void copy() throws SQLException, IOException {
    session().execute("BEGIN", "CREATE TABLE bench.floor (LIKE bqx.%s)".formatted(family()));
    copies()
        .copyIn(
            "COPY bench.floor FROM STDIN (FORMAT binary)",
            new ByteArrayInputStream(copied),
            1 << 16);
    finishFloor();
  }

  /** Computes the missing partition step by step and drops it again; returns milliseconds. */
  Map<Measure, Double> steps() throws Exception {
    forget();
    Map<Measure, Double> times = new EnumMap<>(Measure.class);
    session().execute("BEGIN");
    for (List<String> step : session().rows("SELECT * FROM bench.steps" + call())) {
      times.put(Measure.valueOf(step.get(0)), Double.valueOf(step.get(1)));
    }
    times.put(Measure.COMMIT, Rounds.milliseconds(() -> session().execute("COMMIT")));
    session().execute("DROP TABLE " + partition());
    return times;
  }

  /** Where nothing but Java runs: the same classes, on the same bars. */
  void runKernel() {
    FamilyRows iterator = new FamilyRows(Families.of(family()), bars, windows, skip, tail);
    double sum = 0;
    while (iterator.hasNext()) {
      sum += iterator.next()[0];
    }
    if (Double.isNaN(sum)) {
      throw new IllegalStateException("the kernel made NaN of " + pair + " " + month);
    }
  }

  private CopyManager copies() throws SQLException {
    return session().connection().unwrap(PGConnection.class).getCopyAPI();
  }

  private static Stream<String> elements(String array) {
    return array.equals("{}")
        ? Stream.of()
        : Arrays.stream(array.substring(1, array.length() - 1).split(","));
  }
}
