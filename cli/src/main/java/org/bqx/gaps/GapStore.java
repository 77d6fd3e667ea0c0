package org.bqx.gaps;

import static org.bqx.jooq.Tables.ACKNOWLEDGED_GAP;
import static org.bqx.jooq.Tables.BAR_COVERAGE;
import static org.bqx.jooq.Tables.BAR_GAP;
import static org.bqx.jooq.Tables.GAP;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.failure.Failure;
import org.bqx.jooq.Routines;
import org.bqx.nodes.LostPair;
import org.bqx.nodes.Reach;
import org.bqx.partition.PartitionRange;
import org.bqx.run.Session;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Reads where bars are missing, has them looked for, and notes what is known. */
public final class GapStore implements AutoCloseable {
  /**
   * State of a gap that may be a holiday: that is what most pairs lack, and some cannot be read.
   */
  public static final String UNKNOWN = "unknown";

  private static final String OPEN = "open";
  private static final String ACKNOWLEDGED = "acknowledged";

  private final Connection connection;
  private final DSLContext sql;
  private Reach reach;

  /** Connects to {@code database}. */
  public GapStore(Database database) {
    connection = database.connectForWork();
    sql = Sql.on(connection);
  }

  /** Bars on nodes that do not answer cannot be looked at. */
  private Reach reach() {
    if (reach == null) {
      reach = Reach.of(sql);
    }
    return reach;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /**
   * Looks for gaps in what has changed since that was done last, again when the session is lost; a
   * role that may only read does not.
   *
   * @throws Failure when a pair does not exist
   */
  public static void measure(Database database, List<String> pairs)
      throws SQLException, InterruptedException {
    try (Catalogue catalogue = new Catalogue(database)) {
      catalogue.pairs(pairs);
    }
    try (Session session = new Session(database, false, database::connectForWork)) {
      session.use(connection -> measure(Sql.on(connection), pairs));
    }
  }

  /**
   * Does so on a connection of the caller's.
   *
   * @return how many months were looked at
   */
  public static int measure(DSLContext sql, List<String> pairs) {
    boolean may =
        sql.fetchOne("SELECT has_function_privilege('bqx.measure_bars(text[])', 'EXECUTE') AS may")
            .get("may", Boolean.class);
    return may
        ? Routines.measureBars(
            sql.configuration(), pairs.isEmpty() ? null : pairs.toArray(String[]::new))
        : 0;
  }

  /**
   * Returns the gaps that end in the range, by pair and time; its families do not matter. While a
   * node does not answer: those of the other pairs, acknowledged or {@link #UNKNOWN}.
   */
  public List<Gap> gaps(PartitionRange range) {
    return knowsGaps() ? told(range) : untold(range);
  }

  private List<Gap> untold(PartitionRange range) {
    return sql.select(BAR_GAP.asterisk(), ACKNOWLEDGED_GAP.PAIR.isNotNull(), ACKNOWLEDGED_GAP.NOTE)
        .from(BAR_GAP)
        .leftJoin(ACKNOWLEDGED_GAP)
        .on(
            ACKNOWLEDGED_GAP.PAIR.eq(BAR_GAP.PAIR),
            ACKNOWLEDGED_GAP.FROM_TIME.eq(BAR_GAP.FROM_TIME),
            ACKNOWLEDGED_GAP.TO_TIME.eq(BAR_GAP.TO_TIME))
        .where(
            inRange(range, BAR_GAP.PAIR, BAR_GAP.TO_TIME, GapStore::start),
            reach().condition(BAR_GAP.PAIR))
        .orderBy(BAR_GAP.PAIR, BAR_GAP.FROM_TIME)
        .fetch(
            row ->
                new Gap(
                    row.get(BAR_GAP.PAIR),
                    row.get(BAR_GAP.FROM_TIME).toInstant(),
                    row.get(BAR_GAP.TO_TIME).toInstant(),
                    row.get(BAR_GAP.MINUTES),
                    row.get(ACKNOWLEDGED_GAP.PAIR.isNotNull()) ? ACKNOWLEDGED : UNKNOWN,
                    row.get(ACKNOWLEDGED_GAP.NOTE)));
  }

  private List<Gap> told(PartitionRange range) {
    return sql.selectFrom(GAP)
        .where(inRange(range, GAP.PAIR, GAP.TO_TIME, GapStore::start))
        .orderBy(GAP.PAIR, GAP.FROM_TIME)
        .fetch(
            row ->
                new Gap(
                    row.getPair(),
                    row.getFromTime().toInstant(),
                    row.getToTime().toInstant(),
                    row.getMinutes(),
                    row.getState(),
                    row.getNote()));
  }

  /** Returns whether all nodes of a front answer: one gap cannot be told without all pairs. */
  public boolean knowsGaps() {
    return reach().pairs() == null;
  }

  /** Returns the pairs of the range whose node does not answer, by node. */
  public List<LostPair> lost(PartitionRange range) {
    return reach().lost().stream()
        .filter(lost -> !lost.pair().equals(PartitionRange.MARKET))
        .filter(lost -> range.has(null, lost.pair(), null))
        .toList();
  }

  /**
   * Returns how complete each month of the range is, by pair and month, but for pairs on nodes that
   * do not answer.
   */
  public List<Coverage> coverage(PartitionRange range) {
    return sql.selectFrom(BAR_COVERAGE)
        .where(
            inRange(range, BAR_COVERAGE.PAIR, BAR_COVERAGE.MONTH, month -> month.atDay(1)),
            reach().condition(BAR_COVERAGE.PAIR))
        .orderBy(BAR_COVERAGE.PAIR, BAR_COVERAGE.MONTH)
        .fetch(
            row ->
                new Coverage(
                    row.getPair(),
                    YearMonth.from(row.getMonth()),
                    row.getBars(),
                    row.getMissing()));
  }

  /**
   * Says that the open gaps of the range are known.
   *
   * @return how many they are
   */
  public int acknowledge(PartitionRange range, String note) {
    return Routines.acknowledgeGaps(
        sql.configuration(),
        range.pairs().isEmpty() ? null : range.pairs().toArray(String[]::new),
        range.from() == null ? null : start(range.from()),
        range.to() == null ? null : start(range.to().plusMonths(1)).minusNanos(1000),
        note);
  }

  /** Returns the pairs that have bars and no baseline. */
  public List<MissingBaseline> missingBaselines() {
    // Asked for first, as it is rare: what follows is planned for each month of each pair.
    boolean none =
        sql.fetchOne(
                """
                SELECT NOT EXISTS (
                    SELECT FROM bqx.m1_month m
                    WHERE m.bars > 0 AND {0}
                        AND m.pair NOT IN (
                            SELECT r.pair FROM bqx.baseline_rates r WHERE {1})
                ) AS none
                """,
                reach().condition("m.pair"), reach().condition("r.pair"))
            .get("none", Boolean.class);
    if (none) {
      return List.of();
    }
    return sql.fetch(
            """
            SELECT bars.pair, bars.last::date AS last, bars.wanted,
                CASE WHEN bars.last >= bars.wanted THEN bars.wanted ELSE bars.first::date END AS date
            FROM (
                SELECT p.pair, bqx.default_baseline_date() AS wanted,
                    (SELECT min(b.time) FROM bqx.m1 b
                     WHERE b.pair = p.pair AND {0}) AT TIME ZONE 'UTC' AS first,
                    (SELECT max(b.time) FROM bqx.m1 b
                     WHERE b.pair = p.pair AND {0}) AT TIME ZONE 'UTC' AS last
                FROM bqx.pair p
                WHERE p.pair NOT IN (
                        SELECT r.pair FROM bqx.baseline_rates r WHERE {2})
                    AND p.pair IN (
                        SELECT m.pair FROM bqx.m1_month m
                        WHERE m.bars > 0 AND {1})
            ) bars
            WHERE bars.first IS NOT NULL
            ORDER BY bars.pair
            """,
            reach().condition("b.pair"), reach().condition("m.pair"), reach().condition("r.pair"))
        .map(
            row ->
                new MissingBaseline(
                    row.get("pair", String.class),
                    row.get("last", LocalDate.class),
                    row.get("wanted", LocalDate.class),
                    row.get("date", LocalDate.class)));
  }

  /** Returns the pairs whose baseline is not the close of their first bar from its date on. */
  public List<OldBaseline> oldBaselines() {
    return sql.fetch(
            """
            SELECT r.pair, r.baseline_date, r.baseline_time, r.baseline_rate, bar.time, bar.close
            FROM bqx.baseline_rates r
            JOIN bqx.pair p ON p.pair = r.pair
            CROSS JOIN LATERAL (
                SELECT m.time, m.close FROM bqx.m1 m
                WHERE m.pair = r.pair AND m.time >= r.baseline_date::timestamp AT TIME ZONE 'UTC'
                    AND {0}
                ORDER BY m.time LIMIT 1
            ) bar
            WHERE {1}
                AND (bar.time < r.baseline_time
                    OR bar.time = r.baseline_time AND bar.close IS DISTINCT FROM r.baseline_rate
                    -- Not where bqx.drop_months took it.
                    OR bar.time > r.baseline_time AND bqx.month_of(r.baseline_time) >= p.kept_from)
            ORDER BY r.pair
            """,
            reach().condition("m.pair"), reach().condition("r.pair"))
        .map(
            row ->
                new OldBaseline(
                    row.get("pair", String.class),
                    row.get("baseline_date", LocalDate.class),
                    row.get("baseline_time", OffsetDateTime.class).toInstant(),
                    row.get("baseline_rate", Double.class),
                    row.get("time", OffsetDateTime.class).toInstant(),
                    row.get("close", Double.class)));
  }

  /**
   * Returns the months whose bars came or went without being counted, as {@code eurusd 2024-07}.
   */
  public List<String> miscounted() {
    return sql.fetch(
            "SELECT pair || ' ' || to_char(month, 'YYYY-MM') AS month FROM bqx.miscounted_months()")
        .getValues("month", String.class);
  }

  /** Returns what is to be said of the bars in a line or two. */
  public BarsSummary summary() {
    boolean partial = !knowsGaps();
    List<Gap> open =
        partial
            ? List.of()
            : gaps(PartitionRange.ALL).stream().filter(gap -> gap.state().equals(OPEN)).toList();
    int unmeasured =
        sql.fetchOne(
                """
                SELECT count(*)::int AS months
                FROM bqx.m1_month m
                LEFT JOIN bqx.bar_coverage c ON c.pair = m.pair AND c.month = m.month
                    AND {0}
                WHERE m.bars > 0 AND c.revision IS DISTINCT FROM m.revision
                    AND {1}
                """,
                reach().condition("c.pair"), reach().condition("m.pair"))
            .get("months", Integer.class);
    Gap longest = open.stream().max(Comparator.comparingInt(Gap::minutes)).orElse(null);
    return new BarsSummary(
        open.size(), longest, unmeasured, miscounted(), missingBaselines(), partial);
  }

  /**
   * Returns whether a row is of a range's pairs and months.
   *
   * @param begin makes a month's begin what {@code time} holds
   */
  private static <T> Condition inRange(
      PartitionRange range, Field<String> pair, Field<T> time, Function<YearMonth, T> begin) {
    Condition wanted = range.pairs().isEmpty() ? DSL.noCondition() : pair.in(range.pairs());
    if (range.from() != null) {
      wanted = wanted.and(time.ge(begin.apply(range.from())));
    }
    if (range.to() != null) {
      wanted = wanted.and(time.lt(begin.apply(range.to().plusMonths(1))));
    }
    return wanted;
  }

  private static OffsetDateTime start(YearMonth month) {
    return month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
  }
}
