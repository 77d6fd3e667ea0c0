package org.bqx.verify;

import static org.bqx.jooq.Tables.PROGRESS;
import static org.bqx.jooq.Tables.VERIFY_RANGE;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.engine.ClientReference;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.gaps.GapStore;
import org.bqx.jooq.Routines;
import org.bqx.jooq.tables.records.FamiliesBySourceRecord;
import org.bqx.jooq.tables.records.VerifyRangeRecord;
import org.bqx.nodes.NodeMap;
import org.bqx.nodes.Reach;
import org.bqx.partition.LeftOut;
import org.bqx.partition.LostInputs;
import org.bqx.partition.Partition;
import org.bqx.partition.PartitionState;
import org.bqx.partition.ProgressFields;
import org.bqx.partition.Selection;
import org.bqx.partition.Work;
import org.bqx.partition.WorkQueue;
import org.bqx.run.Session;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/**
 * Checks partitions by {@code bqx.verify_families}, several at a time, and the range as a whole by
 * {@code bqx.verify_range}. What is not done, or cannot be read, is found too: nothing is skipped.
 */
public final class Verification {
  /** How often a partition is looked at whose bars change meanwhile. */
  private static final int LOOKS = 5;

  /** What {@code bqx.verify_range} says of a pair whose node does not answer. */
  private static final String NOT_LOOKED_AT = "pair not looked at";

  private final Database database;
  private final VerifyRequest request;
  private final IntConsumer planned;
  private final Runnable checked;
  private final Consumer<String> messages;

  /** Nodes that were lost meanwhile; one that answers again is none of them. */
  private final Set<String> lostNodes = ConcurrentHashMap.newKeySet();

  /**
   * @param database what to check; {@link Database#cancel} stops the verification
   * @param request what to check
   * @param planned is told how many partitions there are
   * @param checked is run after each, by several threads
   * @param messages is told which partitions there is nothing to check of
   */
  public Verification(
      Database database,
      VerifyRequest request,
      IntConsumer planned,
      Runnable checked,
      Consumer<String> messages) {
    this.database = database;
    this.request = request;
    this.planned = planned;
    this.checked = checked;
    this.messages = messages;
  }

  /**
   * Checks everything that was asked for.
   *
   * @throws Failure when a family or pair does not exist, there is nothing to check, or the server
   *     is lost
   */
  public VerifyOutcome run() throws SQLException, InterruptedException {
    NodeMap nodes;
    try (Catalogue catalogue = new Catalogue(database)) {
      request.range().check(catalogue);
      nodes = catalogue.nodes();
    }
    try (Session session = session(false)) {
      return run(nodes, session, session.use(connection -> read(Sql.on(connection))));
    }
  }

  /**
   * What there is to check.
   *
   * @param at when it was read, by the server's clock
   * @param leftOut partitions without bars or quotes, and without rows
   * @param leftOver those with rows
   * @param unreachable partitions on nodes that do not answer, and why
   * @param sources of each family those with its source, itself among them
   */
  private record Range(
      Instant at,
      List<Partition> partitions,
      LeftOut leftOut,
      List<Partition> leftOver,
      Map<Partition, String> unreachable,
      Map<String, List<String>> sources) {}

  private Range read(DSLContext sql) {
    List<Partition> partitions = new ArrayList<>();
    List<PartitionState> leftOut = new ArrayList<>();
    List<Partition> leftOver = new ArrayList<>();
    Map<Partition, String> unreachable = new HashMap<>();
    Instant at = instant(sql.select(DSL.currentOffsetDateTime()).fetchOne().value1());
    sql.select(
            PROGRESS.FAMILY,
            PROGRESS.PAIR,
            ProgressFields.MONTH,
            ProgressFields.STATE,
            PROGRESS.ROWS,
            PROGRESS.REASON)
        .from(PROGRESS)
        .where(request.range().condition(), Selection.ALL.condition().or(LeftOut.CONDITION))
        .orderBy(ProgressFields.order(false))
        .forEach(
            row -> {
              Partition partition = new Partition(row.value1(), row.value2(), row.value3());
              PartitionState state = row.value4();
              if (state.lacksInputs() && row.value5() == null) {
                leftOut.add(state);
                return;
              }
              partitions.add(partition);
              if (state.lacksInputs()) {
                leftOver.add(partition);
              } else if (state == PartitionState.UNREACHABLE) {
                unreachable.put(partition, row.value6());
              }
            });
    Map<String, List<String>> sources = new HashMap<>();
    for (FamiliesBySourceRecord row :
        sql.selectFrom(Routines.familiesBySource((String[]) null)).fetch()) {
      List<String> families = List.of(row.getFamilies());
      families.forEach(family -> sources.put(family, families));
    }
    return new Range(at, partitions, LeftOut.of(leftOut.stream()), leftOver, unreachable, sources);
  }

  /**
   * Returns what is checked at once: partitions that are computed from the same bars, unless there
   * were too few for all workers then. Those on nodes that do not answer are left out.
   */
  private List<List<Partition>> batches(Range range) {
    List<Partition> reachable =
        range.partitions().stream()
            .filter(partition -> !range.unreachable().containsKey(partition))
            .toList();
    Collection<List<Partition>> bySource =
        reachable.stream()
            .collect(
                Collectors.groupingBy(
                    partition ->
                        List.of(
                            partition.pair(),
                            partition.month(),
                            range.sources().get(partition.family())),
                    LinkedHashMap::new,
                    Collectors.toList()))
            .values();
    return bySource.size() < request.workers()
        ? reachable.stream().map(List::of).toList()
        : List.copyOf(bySource);
  }

  /**
   * @param ofLostNodes whether it is for partitions whose node was lost: each is asked for once
   */
  private Session session(boolean ofLostNodes) {
    return new Session(database, ofLostNodes, database::connectForWork);
  }

  /**
   * @param session for what is of the range as a whole
   */
  private VerifyOutcome run(NodeMap nodes, Session session, Range range)
      throws SQLException, InterruptedException {
    List<Partition> partitions = range.partitions();
    planned.accept(partitions.size());
    Map<Partition, PartitionCheck> checks = new ConcurrentHashMap<>();
    range
        .unreachable()
        .forEach(
            (partition, reason) -> add(checks, new PartitionFindings(partition).check(reason)));
    WorkQueue<Thread, List<Partition>> queue = new WorkQueue<>(nodes, batch -> batch.get(0).pair());
    batches(range).forEach(queue::add);
    List<Finding> warnings = new ArrayList<>();
    List<Finding> differences = new ArrayList<>();
    Map<String, String> lost = new HashMap<>();
    int workers = Math.min(request.workers(), queue.size());
    ExecutorService pool = Executors.newFixedThreadPool(workers + 1);
    try {
      List<Future<?>> parts = new ArrayList<>();
      parts.add(
          pool.submit(
              () -> {
                lost.putAll(
                    checkRange(session, warnings, differences, !range.unreachable().isEmpty()));
                return null;
              }));
      for (int i = 0; i < workers; i++) {
        parts.add(
            pool.submit(
                () -> {
                  work(nodes, queue, checks);
                  return null;
                }));
      }
      for (Future<?> part : parts) {
        await(part);
      }
    } finally {
      pool.shutdownNow();
    }
    if (partitions.isEmpty() && differences.isEmpty()) {
      throw new Failure(
          ExitCode.FAILED,
          "nothing to verify: "
              + (range.leftOut().equals(LeftOut.NONE)
                  ? "no bars and no features in the range"
                  : String.join("; ", range.leftOut().lines())),
          "list what there is: ./bqx psql -c 'SELECT * FROM bqx.progress'");
    }
    range.leftOut().lines().forEach(messages);
    LostInputs.lines(Work.FEATURES, range.leftOver()).forEach(messages);
    return new VerifyOutcome(
        range.at(),
        database.settings().toString(),
        request.sample(),
        request.full(),
        partitions.size(),
        partitions.stream()
            .map(checks::get)
            .filter(Objects::nonNull)
            .map(check -> check.unless(lost.get(check.partition().pair())))
            .toList(),
        warnings,
        differences,
        database.isCancelled());
  }

  /**
   * @param lacking whether a node does not answer: its partitions are unchecked, whatever this is
   * @return pairs that were not looked at, and which node does not answer, and why
   */
  private Map<String, String> checkRange(
      Session session, List<Finding> warnings, List<Finding> differences, boolean lacking)
      throws SQLException, InterruptedException {
    Map<String, String> lost = new HashMap<>();
    try {
      for (VerifyRangeRecord row : session.use(connection -> rangeFindings(Sql.on(connection)))) {
        (row.getKind().equals("warning") ? warnings : differences).add(finding(row));
        if (row.getCheckName().equals(NOT_LOOKED_AT)) {
          lost.put(row.getPair(), row.getFound());
        }
      }
    } catch (DataAccessException refused) {
      if (!NodeMap.isLoss(refused.sqlState())) {
        throw refused;
      }
      session
          .use(connection -> Reach.of(Sql.on(connection)))
          .lost()
          .forEach(one -> lost.put(one.pair(), "node %s: %s".formatted(one.node(), one.reason())));
      if (lost.isEmpty() && !lacking) {
        throw refused;
      }
      warnings.add(
          new Finding(
              "the range as a whole",
              null,
              null,
              null,
              null,
              null,
              "not checked: " + Failure.of(refused).getMessage(),
              null));
    }
    return lost;
  }

  private List<VerifyRangeRecord> rangeFindings(DSLContext sql) {
    GapStore.measure(sql, request.range().pairsWithBars());
    return sql.selectFrom(
            Routines.verifyRange(
                names(request.range().families()),
                names(request.range().pairs()),
                day(request.range().from()),
                day(request.range().to()),
                request.triangleTolerance()))
        .orderBy(VERIFY_RANGE.MONTH, VERIFY_RANGE.PAIR, VERIFY_RANGE.FAMILY)
        .fetch();
  }

  private static Finding finding(VerifyRangeRecord row) {
    return new Finding(
        row.getCheckName(),
        row.getFamily(),
        row.getPair(),
        row.getMonth() == null ? null : YearMonth.from(row.getMonth()),
        instant(row.getTsUtc()),
        null,
        row.getFound(),
        row.getExpected());
  }

  private void work(
      NodeMap nodes,
      WorkQueue<Thread, List<Partition>> queue,
      Map<Partition, PartitionCheck> checks)
      throws InterruptedException {
    try (Session session = session(false);
        Session once = session(true)) {
      Thread worker = Thread.currentThread();
      for (List<Partition> batch = queue.take(worker);
          batch != null && !database.isCancelled();
          batch = queue.take(worker)) {
        Session used = isLost(nodes, batch.get(0)) ? once : session;
        List<PartitionCheck> found = check(used, nodes, batch);
        boolean isAnswer =
            batch.size() == 1
                || used == once
                || found.stream().allMatch(check -> check.error() == null);
        if (isAnswer) {
          found.forEach(check -> add(checks, check));
          continue;
        }
        // Each for itself: that tells whose failure it is, and waits for a lock.
        for (Partition partition : batch) {
          if (!database.isCancelled()) {
            used = isLost(nodes, partition) ? once : session;
            check(used, nodes, List.of(partition)).forEach(check -> add(checks, check));
          }
        }
      }
    }
  }

  private boolean isLost(NodeMap nodes, Partition partition) {
    String node = nodes.of(partition.pair());
    return node != null && lostNodes.contains(node);
  }

  private void add(Map<Partition, PartitionCheck> checks, PartitionCheck check) {
    if (!database.isCancelled() || check.error() == null) {
      checks.put(check.partition(), check);
      checked.run();
    }
  }

  /** Checks partitions at once; several that fail are not tried again. */
  private List<PartitionCheck> check(Session session, NodeMap nodes, List<Partition> batch)
      throws InterruptedException {
    String node = nodes.of(batch.get(0).pair());
    Map<String, PartitionFindings> findings = new LinkedHashMap<>();
    batch.forEach(partition -> findings.put(partition.family(), new PartitionFindings(partition)));
    String error;
    try {
      error =
          batch.size() > 1
              ? session.useOnce(connection -> check(connection, findings))
              : session.use(connection -> check(connection, findings));
      if (node != null) {
        lostNodes.remove(node);
      }
    } catch (SQLException refused) {
      error = Failure.of(refused).getMessage();
    } catch (DataAccessException refused) {
      if (node != null && batch.size() == 1 && NodeMap.isLoss(refused.sqlState())) {
        lostNodes.add(node);
      }
      error = Failure.of(refused).getMessage();
    }
    String why = error;
    return findings.values().stream().map(one -> one.check(why)).toList();
  }

  /** Returns why partitions could not be checked, or null. */
  private String check(Connection connection, Map<String, PartitionFindings> findings)
      throws SQLException {
    findings.values().forEach(PartitionFindings::clear);
    try {
      connection.setAutoCommit(false);
      for (int attempt = 1; !look(connection, findings); attempt++) {
        connection.rollback();
        if (attempt == LOOKS) {
          connection.setAutoCommit(true);
          return "bars change faster than they are verified";
        }
        findings.values().forEach(PartitionFindings::clear);
      }
      connection.commit();
      connection.setAutoCommit(true);
      return null;
    } catch (SQLException | DataAccessException refused) {
      Sql.rollBack(connection, refused);
      throw refused;
    }
  }

  /**
   * Checks partitions of one pair and month. What the server leaves to who has the Java is done in
   * the transaction that it is left by.
   *
   * @param findings of each family
   * @return whether the bars were the same all the time
   */
  private boolean look(Connection connection, Map<String, PartitionFindings> findings)
      throws SQLException {
    Partition first = findings.values().iterator().next().partition();
    Sql.on(connection)
        .selectFrom(
            Routines.verifyFamilies(
                findings.keySet().toArray(String[]::new),
                first.pair(),
                first.month().atDay(1),
                request.sample(),
                request.full(),
                request.band().lowest(),
                request.band().highest()))
        .forEach(
            row ->
                findings
                    .get(row.getFamily())
                    .add(
                        row.getKind(),
                        row.getCheckName(),
                        instant(row.getTsUtc()),
                        row.getColumnName(),
                        row.getFound(),
                        row.getExpected()));
    for (PartitionFindings one : findings.values()) {
      if (one.pending() != null
          && !one.complete(new ClientReference(connection, one.partition()), request.full())) {
        return false;
      }
    }
    return true;
  }

  private static Instant instant(OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static String[] names(List<String> names) {
    return names.isEmpty() ? null : names.toArray(String[]::new);
  }

  private static LocalDate day(YearMonth month) {
    return month == null ? null : month.atDay(1);
  }

  private static void await(Future<?> worker) throws SQLException, InterruptedException {
    try {
      worker.get();
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof SQLException lost) {
        throw lost;
      } else if (failure.getCause() instanceof RuntimeException other) {
        throw other;
      }
      throw new IllegalStateException(failure.getCause());
    }
  }
}
