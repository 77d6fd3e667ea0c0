package org.bqx.report;

import static org.bqx.jooq.Tables.FEATURE_COLUMN;
import static org.bqx.jooq.Tables.PROGRESS;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.gaps.Coverage;
import org.bqx.gaps.Gap;
import org.bqx.gaps.GapStore;
import org.bqx.monitor.MonitorStore;
import org.bqx.monitor.Snapshot;
import org.bqx.partition.PartitionRange;
import org.bqx.partition.PartitionState;
import org.bqx.partition.ProgressFields;
import org.bqx.report.Features.Family;
import org.bqx.report.Features.MonthFigures;
import org.bqx.report.Features.Panel;
import org.bqx.run.Session;
import org.bqx.stages.Stage;
import org.bqx.stages.StageStore;
import org.bqx.verify.VerifyOutcome;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.impl.DSL;

/** Reads what a report says: states and stages as the monitor has them, bars, and columns. */
public final class ReportStore {
  /** A page holds a column's newest months; all of them are to be had from a live one. */
  private static final int MONTHS = 24;

  private final Database database;

  /** Reads from {@code database}. */
  public ReportStore(Database database) {
    this.database = database;
  }

  /**
   * Returns the facts of now, read again when a session is lost.
   *
   * @param verification what was verified, null for nothing
   * @throws Failure when a family or pair does not exist, or when nothing is computed of the pair
   *     or month that was asked for by name
   */
  public Report read(ReportRequest request, VerifyOutcome verification)
      throws SQLException, InterruptedException {
    check(request);
    try (Session session = new Session(database, false, database::connectForWork)) {
      return session.use(connection -> read(connection, request, verification));
    }
  }

  private Report read(Connection connection, ReportRequest request, VerifyOutcome verification)
      throws SQLException {
    Snapshot snapshot;
    try (MonitorStore store = new MonitorStore(database)) {
      snapshot = store.read(request.range());
    }
    List<Stage> stages;
    try (StageStore store = new StageStore(database)) {
      stages = store.read();
    }
    List<Coverage> coverage;
    boolean knowsGaps;
    List<Gap> gaps;
    try (GapStore store = new GapStore(database)) {
      coverage = store.coverage(request.range());
      knowsGaps = store.knowsGaps();
      gaps = knowsGaps ? store.gaps(request.range()) : List.of();
    }
    DSLContext sql = Sql.on(connection);
    // Some hundred sums over some ten thousand rows: to compile them takes longer than to add.
    sql.execute("SET jit = off");
    return new Report(
        snapshot.at(),
        snapshot.server(),
        request.range(),
        snapshot.families(),
        labels(sql),
        stages,
        snapshot.partitions().stream()
            .filter(p -> !p.is(PartitionState.NO_BARS) || p.rows() != null)
            .toList(),
        verification,
        coverage,
        knowsGaps,
        gaps,
        features(sql, request));
  }

  /**
   * Refuses names that the database does not know, before what takes long.
   *
   * @throws Failure when a family or pair does not exist
   */
  public void check(ReportRequest request) throws SQLException {
    try (Catalogue catalogue = new Catalogue(database)) {
      request.range().check(catalogue);
      if (request.pair() != null) {
        catalogue.pairs(List.of(request.pair()));
      }
    }
  }

  private static Map<String, List<String>> labels(DSLContext sql) {
    Field<String> label =
        DSL.coalesce(
            DSL.concat(DSL.inline("w"), FEATURE_COLUMN.WINDOW_LENGTH.cast(String.class)),
            FEATURE_COLUMN.FAMILY);
    return sql.select(FEATURE_COLUMN.FAMILY, label)
        .from(FEATURE_COLUMN)
        .groupBy(FEATURE_COLUMN.FAMILY, label)
        .orderBy(DSL.min(FEATURE_COLUMN.ELEMENT))
        .fetchGroups(FEATURE_COLUMN.FAMILY, label);
  }

  private static Features features(DSLContext sql, ReportRequest request) {
    Record2<String, YearMonth> chosen = chosen(sql, request);
    if (chosen == null) {
      return null;
    }
    String pair = chosen.value1();
    YearMonth month = chosen.value2();
    FeatureStore store = new FeatureStore(sql);
    List<Family> families =
        store.families().stream()
            .filter(family -> request.range().has(family.family(), null, null))
            .toList();
    List<Panel> panels = new ArrayList<>();
    Map<String, List<MonthFigures>> months = new HashMap<>();
    if (request.isDrawn()) {
      for (Family family : families) {
        Panel panel = store.panel(family, pair, month);
        if (panel.rows() > 0) {
          panels.add(panel);
          months.putAll(store.months(family, family.names(), pair, request.range(), MONTHS));
        }
      }
    }
    return new Features(pair, month, families, panels, months);
  }

  private static Record2<String, YearMonth> chosen(DSLContext sql, ReportRequest request) {
    String pair = request.pair();
    YearMonth month = request.month();
    boolean isNamed = pair != null || month != null;
    PartitionRange range =
        isNamed
            ? new PartitionRange(
                request.range().families(), pair == null ? List.of() : List.of(pair), month, month)
            : request.range();
    Record2<String, YearMonth> chosen =
        sql.select(PROGRESS.PAIR, ProgressFields.MONTH)
            .from(PROGRESS)
            .where(range.condition(), PROGRESS.ROWS.gt(0L))
            // The market has a row of each minute, but of few families.
            .orderBy(
                PROGRESS.PAIR.eq(PartitionRange.MARKET).asc(),
                PROGRESS.PAIR.asc(),
                PROGRESS.MONTH.desc())
            .limit(1)
            .fetchOne();
    if (chosen != null || !isNamed) {
      return chosen;
    }
    throw new Failure(
        ExitCode.FAILED,
        "nothing is computed of %s"
            .formatted(
                Stream.of(pair, month)
                    .filter(part -> part != null)
                    .map(Object::toString)
                    .reduce((first, second) -> first + " " + second)
                    .orElseThrow()),
        "list what is: ./bqx plan --all");
  }
}
