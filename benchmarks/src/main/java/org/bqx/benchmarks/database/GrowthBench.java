package org.bqx.benchmarks.database;

import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.bqx.benchmarks.report.GrowthResult;
import org.bqx.benchmarks.report.GrowthResult.By;
import org.bqx.benchmarks.report.Sample;

/**
 * How the cost of a backfill grows, in one warm session: with months and pairs, by {@code
 * bqx.backfill_range}; and the cost of one partition with the years of bars before it and with the
 * number of windows.
 */
public final class GrowthBench {
  private static final List<Integer> MONTHS = List.of(1, 2, 4, 8, 16);
  private static final List<Integer> PAIRS = List.of(1, 7, 14, 28);
  private static final List<Integer> YEARS = List.of(1, 2, 5);
  private static final Map<Integer, String> WINDOWS =
      Map.of(
          6, "60,90,150,240,390,630",
          12, "30,60,90,120,150,240,300,390,450,510,570,630");
  private static final YearMonth FROM = YearMonth.of(2024, 7);
  private static final int DROPPED = 1;

  private record Key(By by, int amount, boolean floor) {}

  /** What is measured of a key, known before. */
  private record Subject(
      By by, List<String> families, int amount, long rows, int columns, long floorRows) {}

  private final BenchServer server;
  private final List<String> families;
  private final int largest;
  private final List<Subject> subjects = new ArrayList<>();
  private final List<Session> sessions = new ArrayList<>();
  private final Rounds<Key> all = new Rounds<>();

  /**
   * @param server to make databases on
   * @param families that are measured, empty for all that are enabled
   * @param largest amounts above this are left out
   */
  public GrowthBench(BenchServer server, List<String> families, int largest) {
    this.server = server;
    this.families = families;
    this.largest = largest;
  }

  /**
   * Makes the bars.
   *
   * @param by what is to be measured
   * @param progress is told how many more bars were made
   */
  public void prepare(List<By> by, LongConsumer progress) throws Exception {
    for (By one : by) {
      switch (one) {
        case MONTHS -> addMonths(progress);
        case PAIRS -> addPairs(progress);
        case HISTORY -> addHistory(progress);
        case WINDOWS -> addWindows(progress);
      }
    }
  }

  /**
   * Measures what was prepared.
   *
   * @param rounds rounds that count
   * @param total is told how many measurements there will be
   * @param afterMeasurement is told of each
   */
  public List<GrowthResult> run(int rounds, IntConsumer total, Runnable afterMeasurement)
      throws Exception {
    total.accept(all.size(rounds));
    Map<Key, Sample> samples = all.run(rounds, afterMeasurement);
    for (Session session : sessions) {
      session.close();
    }
    return subjects.stream()
        .map(
            subject ->
                new GrowthResult(
                    subject.by(),
                    subject.families(),
                    subject.amount(),
                    subject.rows(),
                    subject.columns(),
                    samples.get(new Key(subject.by(), subject.amount(), false)),
                    samples
                        .get(new Key(subject.by(), subject.amount(), true))
                        .times((double) subject.rows() / subject.floorRows())))
        .toList();
  }

  private void addMonths(LongConsumer progress) throws Exception {
    BenchDatabase database = server.createDatabase("months", families);
    List<String> pairs = database.pairs().subList(0, 1);
    List<Integer> amounts = amounts(MONTHS);
    database.generate(pairs, FROM, FROM.plusMonths(amounts.get(amounts.size() - 1) - 1L), progress);
    Session session = open(database);
    List<MeasuredPartition> floors = floors(database, session, pairs.get(0));
    for (int amount : amounts) {
      addRange(By.MONTHS, amount, session, floors, pairs, FROM.plusMonths(amount - 1L));
    }
  }

  private void addPairs(LongConsumer progress) throws Exception {
    BenchDatabase database = server.createDatabase("pairs", families);
    List<Integer> amounts = amounts(PAIRS);
    List<String> pairs = database.pairs().subList(0, amounts.get(amounts.size() - 1));
    database.generate(pairs, FROM, FROM, progress);
    Session session = open(database);
    List<MeasuredPartition> floors = floors(database, session, pairs.get(0));
    for (int amount : amounts) {
      addRange(By.PAIRS, amount, session, floors, pairs.subList(0, amount), FROM);
    }
  }

  private void addHistory(LongConsumer progress) throws Exception {
    YearMonth last = FROM.plusMonths(12);
    for (int years : amounts(YEARS)) {
      BenchDatabase database = server.createDatabase("history" + years, families);
      String pair = database.pairs().get(0);
      database.generate(List.of(pair), last.minusYears(years).plusMonths(1), last, progress);
      addPartition(
          By.HISTORY,
          years,
          new MeasuredPartition(open(database), database.exampleFamily(), pair, last));
    }
  }

  private void addWindows(LongConsumer progress) throws Exception {
    for (int amount : WINDOWS.keySet().stream().sorted().toList()) {
      BenchDatabase database = server.createDatabase("windows" + amount, families);
      Session session = open(database);
      session.execute(
          "SELECT bqx.define_family('%s', '{%s}')"
              .formatted(database.exampleFamily(), WINDOWS.get(amount)));
      String pair = database.pairs().get(0);
      YearMonth month = FROM.plusMonths(1);
      database.generate(List.of(pair), FROM, month, progress);
      addPartition(
          By.WINDOWS,
          amount,
          new MeasuredPartition(session, database.exampleFamily(), pair, month));
    }
  }

  private List<Integer> amounts(List<Integer> amounts) {
    return amounts.stream().filter(amount -> amount <= largest).toList();
  }

  private Session open(BenchDatabase database) throws SQLException {
    Session session = database.connect();
    sessions.add(session);
    return session;
  }

  private static List<MeasuredPartition> floors(
      BenchDatabase database, Session session, String pair) throws SQLException {
    List<MeasuredPartition> floors = new ArrayList<>();
    for (String family : database.families()) {
      MeasuredPartition partition = new MeasuredPartition(session, family, pair, FROM);
      partition.forget();
      floors.add(partition);
    }
    return floors;
  }

  private void addPartition(By by, int amount, MeasuredPartition partition) {
    subjects.add(
        new Subject(
            by,
            List.of(partition.family()),
            amount,
            partition.rows(),
            partition.columns(),
            partition.rows()));
    all.add(
        DROPPED, new Key(by, amount, true), () -> {}, partition::writeFloor, partition::dropFloor);
    all.add(DROPPED, new Key(by, amount, false), partition::forget, partition::backfill, () -> {});
  }

  private void addRange(
      By by,
      int amount,
      Session session,
      List<MeasuredPartition> floors,
      List<String> pairs,
      YearMonth to)
      throws SQLException {
    List<String> backfills =
        floors.stream()
            .map(
                floor ->
                    "CALL bqx.backfill_range('%s', '{%s}', '%s', '%s')"
                        .formatted(
                            floor.family(), String.join(",", pairs), FROM.atDay(1), to.atDay(1)))
            .toList();
    long rows =
        floors.size()
            * session.number(
                """
                SELECT sum(bars)::bigint FROM bqx.m1_month
                WHERE pair = ANY ('{%s}') AND month BETWEEN '%s' AND '%s'"""
                    .formatted(String.join(",", pairs), FROM.atDay(1), to.atDay(1)));
    long floorRows = amount * floors.stream().mapToLong(MeasuredPartition::rows).sum();
    subjects.add(
        new Subject(
            by,
            floors.stream().map(MeasuredPartition::family).toList(),
            amount,
            rows,
            floors.get(0).columns(),
            floorRows));
    all.add(
        DROPPED,
        () -> {
          double milliseconds = 0;
          for (int i = 0; i < amount; i++) {
            for (MeasuredPartition floor : floors) {
              milliseconds += Rounds.milliseconds(floor::writeFloor);
              floor.dropFloor();
            }
          }
          return Map.of(new Key(by, amount, true), milliseconds);
        });
    all.add(
        DROPPED,
        new Key(by, amount, false),
        () -> {},
        () -> {
          for (String backfill : backfills) {
            session.execute(backfill);
          }
        },
        () -> session.execute("CALL bench.forget()"));
  }
}
