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
import java.util.HashMap;
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
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.engine.ClientReference;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.gaps.GapStore;
import org.bqx.jooq.Routines;
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
 * Checks partitions by {@code bqx.verify}, several at a time, and the range as a whole by {@code
 * bqx.verify_range}. What is not done, or cannot be read, is found too: nothing is skipped.
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
   */
  private record Range(
      Instant at,
      List<Partition> partitions,
      LeftOut leftOut,
      List<Partition> leftOver,
      Map<Partition, String> unreachable) {}

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
    return new Range(at, partitions, LeftOut.of(leftOut.stream()), leftOver, unreachable);
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
    WorkQueue<Thread> queue = new WorkQueue<>(nodes);
    partitions.forEach(queue::add);
    List<Finding> warnings = new ArrayList<>();
    List<Finding> differences = new ArrayList<>();
    Map<String, String> lost = new HashMap<>();
    ExecutorService pool = Executors.newFixedThreadPool(request.workers() + 1);
    try {
      List<Future<?>> workers = new ArrayList<>();
      workers.add(
          pool.submit(
              () -> {
                lost.putAll(
                    checkRange(session, warnings, differences, !range.unreachable().isEmpty()));
                return null;
              }));
      for (int i = 0; i < Math.min(request.workers(), partitions.size()); i++) {
        workers.add(
            pool.submit(
                () -> {
                  work(nodes, queue, range.unreachable(), checks);
                  return null;
                }));
      }
      for (Future<?> worker : workers) {
        await(worker);
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
      WorkQueue<Thread> queue,
      Map<Partition, String> unreachable,
      Map<Partition, PartitionCheck> checks)
      throws InterruptedException {
    try (Session session = session(false);
        Session once = session(true)) {
      Thread worker = Thread.currentThread();
      for (Partition partition = queue.take(worker);
          partition != null && !database.isCancelled();
          partition = queue.take(worker)) {
        PartitionFindings findings = new PartitionFindings(partition);
        PartitionCheck check =
            unreachable.containsKey(partition)
                ? findings.check(unreachable.get(partition))
                : check(isLost(nodes, partition) ? once : session, nodes, findings);
        if (!database.isCancelled() || check.error() == null) {
          checks.put(partition, check);
          checked.run();
        }
      }
    }
  }

  private boolean isLost(NodeMap nodes, Partition partition) {
    String node = nodes.of(partition.pair());
    return node != null && lostNodes.contains(node);
  }

  private PartitionCheck check(Session session, NodeMap nodes, PartitionFindings findings)
      throws InterruptedException {
    String node = nodes.of(findings.partition().pair());
    try {
      PartitionCheck check = findings.check(session.use(connection -> check(connection, findings)));
      if (node != null) {
        lostNodes.remove(node);
      }
      return check;
    } catch (SQLException refused) {
      return findings.check(Failure.of(refused).getMessage());
    } catch (DataAccessException refused) {
      if (node != null && NodeMap.isLoss(refused.sqlState())) {
        lostNodes.add(node);
      }
      return findings.check(Failure.of(refused).getMessage());
    }
  }

  /** Returns why a partition could not be checked, or null. */
  private String check(Connection connection, PartitionFindings findings) throws SQLException {
    findings.clear();
    try {
      connection.setAutoCommit(false);
      for (int attempt = 1; !look(connection, findings); attempt++) {
        connection.rollback();
        if (attempt == LOOKS) {
          connection.setAutoCommit(true);
          return "bars change faster than they are verified";
        }
        findings.clear();
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
   * Checks a partition. What the server leaves to who has the Java is done in the transaction that
   * it is left by.
   *
   * @return whether the bars were the same all the time
   */
  private boolean look(Connection connection, PartitionFindings findings) throws SQLException {
    Partition partition = findings.partition();
    Sql.on(connection)
        .selectFrom(
            Routines.verify(
                partition.family(),
                partition.pair(),
                partition.month().atDay(1),
                request.sample(),
                request.full(),
                request.band().lowest(),
                request.band().highest()))
        .forEach(
            row ->
                findings.add(
                    row.getKind(),
                    row.getCheckName(),
                    instant(row.getTsUtc()),
                    row.getColumnName(),
                    row.getFound(),
                    row.getExpected()));
    return findings.pending() == null
        || findings.complete(new ClientReference(connection, partition), request.full());
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
