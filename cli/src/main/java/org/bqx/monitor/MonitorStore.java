package org.bqx.monitor;

import static org.bqx.jooq.Tables.CORRELATION;
import static org.bqx.jooq.Tables.FEATURE;
import static org.bqx.jooq.Tables.PROGRESS;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.partition.PartitionRange;
import org.bqx.partition.PartitionState;
import org.bqx.partition.Selection;
import org.bqx.partition.Work;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;

/**
 * Reads what the monitor shows: counts from the state table, who runs from locks, sizes from the
 * files. Nothing comes from statistics, which lag.
 */
public final class MonitorStore implements AutoCloseable {
  private static final int LAST = 5;
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Database database;
  private final ProcessLoad load;
  private final Connection connection;
  private final DSLContext sql;

  /** Connects to read from {@code database}. */
  public MonitorStore(Database database) {
    this.database = database;
    load = new ProcessLoad(database.settings().host());
    connection = database.connect();
    sql = Sql.on(connection);
    // Reading a size takes a lock for a moment: never queue behind a partition's swap.
    sql.execute("SET lock_timeout = '1s'");
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** Returns the facts of now, of features and of correlations. */
  public Snapshot read() {
    return read(PartitionRange.ALL, true);
  }

  /** Returns the facts of now, of the features of a range. */
  public Snapshot read(PartitionRange range) {
    return read(range, false);
  }

  private Snapshot read(PartitionRange range, boolean correlations) {
    List<PartitionFact> partitions = new ArrayList<>(partitions(Work.FEATURES, range));
    if (correlations) {
      partitions.addAll(partitions(Work.CORRELATIONS, range));
    }
    Record server =
        sql.fetchOne(
            """
            SELECT clock_timestamp() AS at, current_setting('max_connections')::int AS max_connections,
                -- Other roles' backends do not show their type to everybody.
                (SELECT count(*) FROM pg_stat_activity
                 WHERE coalesce(backend_type, 'client backend') = 'client backend' AND usesysid IS NOT NULL) AS connections
            """);
    Instant now = server.get("at", OffsetDateTime.class).toInstant();
    List<WorkerFact> workers = workers(partitions);
    return new Snapshot(
        now,
        database.settings().toString(),
        families(range, correlations, partitions, now),
        workers,
        server.get("connections", Long.class),
        server.get("max_connections", Integer.class),
        last(
            partitions,
            p ->
                p.finishedAt() != null
                    && (p.is(PartitionState.DONE) || p.is(PartitionState.STALE))),
        last(partitions, p -> p.finishedAt() != null && p.is(PartitionState.FAILED)),
        workers.stream()
            .filter(worker -> worker.partition() != null && worker.seconds() != null)
            .max(Comparator.comparing(WorkerFact::seconds))
            .orElse(null),
        partitions);
  }

  private List<PartitionFact> partitions(Work work, PartitionRange range) {
    return work.on(sql)
        .selectFrom(PROGRESS)
        .where(range.condition())
        .orderBy(PROGRESS.FAMILY, PROGRESS.PAIR, PROGRESS.MONTH)
        .fetch(
            row ->
                new PartitionFact(
                    row.getFamily(),
                    row.getPair(),
                    YearMonth.from(row.getMonth()),
                    PartitionState.of(row.getState()),
                    row.getReason(),
                    row.getBars(),
                    row.getRows(),
                    row.getBackendPid(),
                    instant(row.getStartedAt()),
                    instant(row.getFinishedAt())));
  }

  private List<FamilyProgress> families(
      PartitionRange range, boolean correlations, List<PartitionFact> partitions, Instant now) {
    List<FamilyProgress> families = new ArrayList<>();
    for (String family :
        sql.select(FEATURE.FAMILY)
            .from(FEATURE)
            .where(FEATURE.ENABLED)
            .orderBy(FEATURE.FAMILY_NO)
            .fetch(FEATURE.FAMILY)) {
      if (!range.families().isEmpty() && !range.families().contains(family)) {
        continue;
      }
      List<PartitionFact> own = partitions.stream().filter(p -> p.family().equals(family)).toList();
      families.add(progress(family, own, bytes(family), now));
    }
    if (correlations) {
      for (String target :
          sql.select(CORRELATION.TARGET)
              .from(CORRELATION)
              .orderBy(CORRELATION.CORRELATION_NO)
              .fetch(CORRELATION.TARGET)) {
        List<PartitionFact> own =
            partitions.stream().filter(p -> p.family().equals(target)).toList();
        // All targets share one table.
        families.add(progress(target, own, null, now));
      }
    }
    return families;
  }

  /** Returns a family's figures from its partitions. */
  public static FamilyProgress progress(
      String family, List<PartitionFact> partitions, Long bytes, Instant now) {
    Map<PartitionState, Integer> count = new EnumMap<>(PartitionState.class);
    for (PartitionState state : PartitionState.values()) {
      count.put(state, (int) partitions.stream().filter(p -> p.is(state)).count());
    }
    int total = (int) partitions.stream().filter(p -> !p.state().lacksInputs()).count();
    int done = count.get(PartitionState.DONE);
    int running = count.get(PartitionState.RUNNING);
    long rows = partitions.stream().filter(p -> p.rows() != null).mapToLong(p -> p.rows()).sum();
    long rowsLeft =
        partitions.stream()
            .filter(p -> Selection.OUTDATED.takes(p.state()))
            .mapToLong(PartitionFact::bars)
            .sum();
    Burst burst = Burst.last(partitions);
    // Work goes on between two partitions, too, and while the workers are at another family.
    boolean goesOn =
        burst != null && (running > 0 || !now.isAfter(burst.end().plus(Burst.LONGEST_PAUSE)));
    Double eta = goesOn ? burst.secondsUntil(rowsLeft, now) : null;
    return new FamilyProgress(
        family,
        total,
        done,
        running,
        count.get(PartitionState.MISSING),
        count.get(PartitionState.STALE),
        count.get(PartitionState.FAILED),
        total == 0 ? 0 : 100.0 * done / total,
        rows,
        bytes,
        burst == null ? null : burst.rate(),
        burst == null ? null : burst.seconds(),
        total > 0 && done == total ? Double.valueOf(0) : eta);
  }

  private Long bytes(String family) {
    try {
      return sql.fetchOne(
              """
              SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::bigint AS bytes
              FROM pg_partition_tree(to_regclass(format('bqx.%I', ?::text)))
              WHERE isleaf
              """,
              family)
          .get("bytes", Long.class);
    } catch (DataAccessException refused) {
      if (LOCK_NOT_AVAILABLE.equals(refused.sqlState())) {
        return null;
      }
      throw refused;
    }
  }

  /** A backend's partition is decoded from the lock's key by the view: no other place knows it. */
  private List<WorkerFact> workers(List<PartitionFact> partitions) {
    Map<Integer, PartitionFact> running =
        partitions.stream()
            .filter(p -> p.is(PartitionState.RUNNING))
            .collect(Collectors.toMap(PartitionFact::backendPid, Function.identity(), (a, b) -> a));
    Integer[] pids = running.keySet().toArray(Integer[]::new);
    return sql.fetch(
            """
            SELECT pid, application_name, state, concat_ws(' ', wait_event_type, wait_event) AS wait,
                extract(epoch FROM clock_timestamp()
                    - CASE WHEN state LIKE 'idle%' THEN state_change ELSE query_start END)::float8 AS seconds
            FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND (pid = ANY (?) OR application_name LIKE ANY ('{bqx backfill%,bqx correlate%}'))
            ORDER BY NOT pid = ANY (?), pid
            """,
            pids, pids)
        .map(row -> worker(row, running.get(row.get("pid", Integer.class))));
  }

  private WorkerFact worker(Record row, PartitionFact partition) {
    int pid = row.get("pid", Integer.class);
    String wait = row.get("wait", String.class);
    ProcessLoad.Load process = load.of(pid);
    return new WorkerFact(
        pid,
        row.get("application_name", String.class),
        partition == null ? null : partition.name(),
        row.get("state", String.class),
        wait.isEmpty() ? null : wait,
        row.get("seconds", Double.class),
        process == null ? null : process.cpuPercent(),
        process == null ? null : process.memoryBytes());
  }

  private static List<PartitionFact> last(
      List<PartitionFact> partitions, Predicate<PartitionFact> wanted) {
    return partitions.stream()
        .filter(wanted)
        .sorted(Comparator.comparing(PartitionFact::finishedAt).reversed())
        .limit(LAST)
        .toList();
  }

  private static Instant instant(OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
