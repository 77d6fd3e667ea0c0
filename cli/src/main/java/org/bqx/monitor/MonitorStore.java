package org.bqx.monitor;

import static org.bqx.jooq.Tables.CORRELATION;
import static org.bqx.jooq.Tables.FEATURE;
import static org.bqx.jooq.Tables.PROGRESS;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.nodes.NodeMap;
import org.bqx.nodes.Reach;
import org.bqx.partition.PartitionRange;
import org.bqx.partition.PartitionState;
import org.bqx.partition.Work;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what the monitor shows: counts from the state table, who runs from locks, sizes from the
 * files. Nothing comes from statistics, which lag.
 */
public final class MonitorStore implements AutoCloseable {
  private static final int LAST = 5;
  private static final String ALL = "all";
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Database database;
  private final ProcessLoad load;
  private final Connection connection;
  private final DSLContext sql;
  private final NodeMap nodes;

  /** Connects to read from {@code database}. */
  public MonitorStore(Database database) {
    this.database = database;
    load = new ProcessLoad(database.settings().host());
    connection = database.connect();
    sql = Sql.on(connection);
    nodes = NodeMap.read(sql);
    // Reading a size takes a lock for a moment: never queue behind a partition's swap.
    sql.execute("SET lock_timeout = '1s'");
  }

  @Override
  public void close() throws SQLException {
    try {
      sql.execute("RESET lock_timeout");
      database.giveBack(connection);
    } catch (DataAccessException lost) {
      connection.close();
    }
  }

  /** Returns the facts of now, of features and of correlations. */
  public Snapshot read() {
    return read(PartitionRange.ALL, true);
  }

  /** Returns the facts of now, of the features of a range. */
  public Snapshot read(PartitionRange range) {
    return read(range, false);
  }

  /** Returns the time of the last bar of each pair that has any, by pair. */
  public Map<String, Instant> newestBars() {
    Map<String, Instant> newest = new TreeMap<>();
    Reach reached = Reach.of(sql);
    sql.fetch(
            """
            SELECT p.pair, (
                    SELECT max(b.time) FROM bqx.m1 b
                    WHERE b.pair = p.pair AND {0}) AS newest
            FROM bqx.pair p
            WHERE p.pair IN (
                SELECT m.pair FROM bqx.m1_month m
                WHERE m.bars > 0 AND {1})
            """,
            reached.condition("b.pair"), reached.condition("m.pair"))
        .forEach(
            row ->
                newest.put(
                    row.get("pair", String.class),
                    instant(row.get("newest", OffsetDateTime.class))));
    return newest;
  }

  private Snapshot read(PartitionRange range, boolean correlations) {
    List<RunFact> runs = runs();
    List<PartitionFact> features = partitions(Work.FEATURES, range, runs);
    List<PartitionFact> correlated =
        correlations ? partitions(Work.CORRELATIONS, range, runs) : List.of();
    List<PartitionFact> partitions = new ArrayList<>(features);
    partitions.addAll(correlated);
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
    Activity activity = Activity.of(runs, workers, now);
    Sizes sizes = nodes.isFront() ? sizesOnNodes() : null;
    List<FamilyProgress> families = families(range, features, sizes, activity);
    FamilyProgress all =
        progress(
            ALL,
            partitions,
            families.stream().anyMatch(family -> family.bytes() == null)
                ? null
                : families.stream().mapToLong(FamilyProgress::bytes).sum(),
            activity);
    if (correlations) {
      families.addAll(targets(correlated, activity));
    }
    return new Snapshot(
        now,
        database.settings().toString(),
        all,
        families,
        runs,
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
        partitions,
        sizes == null ? List.of() : sizes.silentNodes());
  }

  /** Returns the runs under way. What a later release notes of them besides is not read. */
  private List<RunFact> runs() {
    return sql.fetch(
            """
            SELECT run_id, role_name, started_at, parameters::text AS parameters
            FROM bqx.run_history
            WHERE outcome = 'running'
            ORDER BY run_id
            """)
        .map(
            row -> {
              JsonNode parameters =
                  JsonMapper.shared().readTree(row.get("parameters", String.class));
              return new RunFact(
                  row.get("run_id", Integer.class),
                  row.get("role_name", String.class),
                  instant(row.get("started_at", OffsetDateTime.class)),
                  Work.valueOf(
                      parameters
                          .path("work")
                          .asString(Work.FEATURES.name())
                          .toUpperCase(Locale.ROOT)),
                  new PartitionRange(
                      names(parameters.path("family")),
                      names(parameters.path("pairs")),
                      month(parameters.path("from")),
                      month(parameters.path("to"))),
                  parameters.path("workers").asInt(1),
                  parameters.path("force").asBoolean(false),
                  parameters.path("retry").asBoolean(false),
                  parameters.path("follow").asBoolean(false));
            });
  }

  /** A list of names, or the word for all. */
  private static List<String> names(JsonNode list) {
    List<String> names = new ArrayList<>();
    if (list.isArray()) {
      list.forEach(name -> names.add(name.asString()));
    }
    return names;
  }

  private static YearMonth month(JsonNode month) {
    return month.isString() ? YearMonth.parse(month.asString()) : null;
  }

  private List<PartitionFact> partitions(Work work, PartitionRange range, List<RunFact> runs) {
    List<RunFact> own = runs.stream().filter(run -> run.work() == work).toList();
    return Sql.rows(
        work.on(sql)
            .selectFrom(PROGRESS)
            .where(range.condition())
            .orderBy(PROGRESS.FAMILY, PROGRESS.PAIR, PROGRESS.MONTH),
        row -> partition(row, work, own));
  }

  private static PartitionFact partition(ResultSet row, Work work, List<RunFact> runs)
      throws SQLException {
    Long bars = row.getObject("bars", Long.class);
    Long lastRows = row.getObject("last_rows", Long.class);
    PartitionFact partition =
        new PartitionFact(
            row.getString("family"),
            row.getString("pair"),
            YearMonth.from(row.getObject("month", LocalDate.class)),
            PartitionState.of(row.getString("state")),
            row.getString("reason"),
            bars,
            row.getObject("rows", Long.class),
            row.getObject("backend_pid", Integer.class),
            instant(row.getObject("started_at", OffsetDateTime.class)),
            instant(row.getObject("finished_at", OffsetDateTime.class)),
            // Few rows come of many bars that are correlated.
            work == Work.CORRELATIONS && lastRows != null ? bars : lastRows,
            false);
    return partition.is(PartitionState.RUNNING)
            || runs.stream().anyMatch(run -> run.hasAhead(partition))
        ? partition.ahead()
        : partition;
  }

  private List<FamilyProgress> families(
      PartitionRange range, List<PartitionFact> partitions, Sizes sizes, Activity activity) {
    List<String> families =
        sql
            .select(FEATURE.FAMILY)
            .from(FEATURE)
            .where(FEATURE.ENABLED)
            .orderBy(FEATURE.FAMILY_NO)
            .fetch(FEATURE.FAMILY)
            .stream()
            .filter(family -> range.families().isEmpty() || range.families().contains(family))
            .toList();
    Map<String, Long> bytes = sizes == null ? bytes(families) : Map.of();
    Map<String, List<PartitionFact>> byFamily = byFamily(partitions);
    List<FamilyProgress> progress = new ArrayList<>();
    for (String family : families) {
      progress.add(
          progress(
              family,
              byFamily.getOrDefault(family, List.of()),
              sizes == null ? bytes.get(family) : sizes.of(family),
              activity));
    }
    return progress;
  }

  private List<FamilyProgress> targets(List<PartitionFact> partitions, Activity activity) {
    Map<String, List<PartitionFact>> byTarget = byFamily(partitions);
    return sql
        .select(CORRELATION.TARGET)
        .from(CORRELATION)
        .orderBy(CORRELATION.CORRELATION_NO)
        .fetch(CORRELATION.TARGET)
        .stream()
        // All targets share one table.
        .map(target -> progress(target, byTarget.getOrDefault(target, List.of()), null, activity))
        .toList();
  }

  private static Map<String, List<PartitionFact>> byFamily(List<PartitionFact> partitions) {
    return partitions.stream().collect(Collectors.groupingBy(PartitionFact::family));
  }

  /** Returns the figures of a family, or of all, from the partitions. */
  static FamilyProgress progress(
      String family, List<PartitionFact> partitions, Long bytes, Activity activity) {
    Map<PartitionState, Integer> count = new EnumMap<>(PartitionState.class);
    for (PartitionState state : PartitionState.values()) {
      count.put(state, 0);
    }
    partitions.forEach(p -> count.merge(p.state(), 1, Integer::sum));
    int total =
        (int) partitions.stream().filter(p -> !p.state().lacksInputs() || p.removal()).count();
    int again = (int) partitions.stream().filter(PartitionFact::again).count();
    int removals = (int) partitions.stream().filter(PartitionFact::removal).count();
    int done = count.get(PartitionState.DONE) - again;
    Burst burst = Burst.last(partitions);
    return new FamilyProgress(
        family,
        total,
        done,
        again,
        removals,
        count.get(PartitionState.RUNNING),
        count.get(PartitionState.MISSING),
        count.get(PartitionState.STALE),
        count.get(PartitionState.FAILED),
        count.get(PartitionState.UNREACHABLE),
        total == 0 ? 0 : 100.0 * done / total,
        partitions.stream().filter(p -> p.rows() != null).mapToLong(PartitionFact::rows).sum(),
        bytes,
        burst == null ? null : burst.rate(),
        burst == null ? null : burst.seconds(),
        total > 0 && done == total ? Double.valueOf(0) : activity.secondsLeft(partitions, burst));
  }

  /** Asks for all at once, and one by one where a table is locked: the others' can be told. */
  private Map<String, Long> bytes(List<String> families) {
    try {
      Map<String, Long> bytes = new TreeMap<>();
      sql.fetch(
              """
              SELECT family, coalesce(sum(pg_total_relation_size(relid)), 0)::bigint AS bytes
              FROM unnest(?::text[]) family
              LEFT JOIN LATERAL pg_partition_tree(to_regclass(format('bqx.%I', family))) ON isleaf
              GROUP BY family
              """,
              (Object) families.toArray(String[]::new))
          .forEach(row -> bytes.put(row.get("family", String.class), row.get("bytes", Long.class)));
      return bytes;
    } catch (DataAccessException refused) {
      if (!LOCK_NOT_AVAILABLE.equals(refused.sqlState())) {
        throw refused;
      }
      Map<String, Long> bytes = new TreeMap<>();
      if (families.size() > 1) {
        families.forEach(family -> bytes.putAll(bytes(List.of(family))));
      }
      return bytes;
    }
  }

  /**
   * What a front's nodes tell of their sizes.
   *
   * @param byFamily bytes on the nodes that tell
   * @param silentNodes the nodes that do not
   */
  private record Sizes(Map<String, Long> byFamily, List<String> silentNodes) {
    /** Returns the bytes of a family, null while a node does not tell. */
    Long of(String family) {
      return silentNodes.isEmpty() ? byFamily.get(family) : null;
    }
  }

  /** Asks each node once; none waits for a lock longer than two seconds. */
  private Sizes sizesOnNodes() {
    Map<String, Long> byFamily = new TreeMap<>();
    List<String> silentNodes = new ArrayList<>();
    sql.fetch(
            """
            SELECT n.node, s.family, s.bytes
            FROM bqx.node n
            LEFT JOIN (
                SELECT f.node, f.family, sum(f.bytes)::bigint AS bytes FROM bqx.family_size f GROUP BY f.node, f.family
            ) s ON s.node = n.node
            ORDER BY n.node
            """)
        .forEach(
            row -> {
              String family = row.get("family", String.class);
              if (family == null) {
                silentNodes.add(row.get("node", String.class));
              } else {
                byFamily.merge(family, row.get("bytes", Long.class), Long::sum);
              }
            });
    return new Sizes(byFamily, silentNodes);
  }

  /** A backend's partition is decoded from the lock's key by the view: no other place knows it. */
  private List<WorkerFact> workers(List<PartitionFact> partitions) {
    if (nodes.isFront()) {
      return workersOfNodes(partitions);
    }
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
        .map(row -> worker(row, null, running.get(row.get("pid", Integer.class))));
  }

  /** A backend of a node works for the session of the front that has called it. */
  private List<WorkerFact> workersOfNodes(List<PartitionFact> partitions) {
    Map<String, PartitionFact> running =
        partitions.stream()
            .filter(p -> p.is(PartitionState.RUNNING) && p.backendPid() != null)
            .collect(
                Collectors.toMap(
                    p -> nodes.of(p.pair()) + " " + p.backendPid(),
                    Function.identity(),
                    (a, b) -> a));
    return sql
        .fetch(
            """
            SELECT node, pid, application_name, state, wait, seconds
            FROM bqx.node_session
            ORDER BY node, pid
            """)
        .stream()
        .filter(
            row ->
                String.valueOf(row.get("application_name", String.class))
                        .matches("bqx (backfill|correlate).*")
                    || running.containsKey(session(row)))
        .sorted(Comparator.comparing(row -> !running.containsKey(session(row))))
        .map(row -> worker(row, row.get("node", String.class), running.get(session(row))))
        .toList();
  }

  private static String session(Record row) {
    return row.get("node", String.class) + " " + row.get("pid", Integer.class);
  }

  private WorkerFact worker(Record row, String node, PartitionFact partition) {
    int pid = row.get("pid", Integer.class);
    String wait = row.get("wait", String.class);
    // A node's processes are not this machine's.
    ProcessLoad.Load process = node == null ? load.of(pid) : null;
    return new WorkerFact(
        node,
        pid,
        row.get("application_name", String.class),
        partition == null ? null : partition.name(),
        row.get("state", String.class),
        wait == null || wait.isEmpty() ? null : wait,
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
