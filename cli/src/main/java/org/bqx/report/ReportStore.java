package org.bqx.report;

import static org.bqx.jooq.Tables.FEATURE_COLUMN;
import static org.bqx.jooq.Tables.PROGRESS;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.monitor.MonitorStore;
import org.bqx.monitor.Snapshot;
import org.bqx.partition.PartitionRange;
import org.bqx.partition.ProgressFields;
import org.bqx.report.Report.Series;
import org.bqx.stages.Stage;
import org.bqx.stages.StageStore;
import org.bqx.verify.VerifyOutcome;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.impl.DSL;

/** Reads what a report says: states and stages as the monitor has them, and one month's series. */
public final class ReportStore {
  private final Database database;

  /** Reads from {@code database}. */
  public ReportStore(Database database) {
    this.database = database;
  }

  /**
   * Returns the facts of now.
   *
   * @param verification what was verified, null for nothing
   * @throws Failure when a family or pair does not exist, or when nothing is computed of the series
   *     that was asked for by name
   */
  public Report read(ReportRequest request, VerifyOutcome verification) throws SQLException {
    try (Catalogue catalogue = new Catalogue(database)) {
      request.range().check(catalogue);
      if (request.seriesPair() != null) {
        catalogue.pairs(List.of(request.seriesPair()));
      }
    }
    Snapshot snapshot;
    try (MonitorStore store = new MonitorStore(database)) {
      snapshot = store.read(request.range());
    }
    List<Stage> stages;
    try (StageStore store = new StageStore(database)) {
      stages = store.read();
    }
    try (Connection connection = database.connect()) {
      DSLContext sql = Sql.on(connection);
      return new Report(
          snapshot.at(),
          snapshot.server(),
          snapshot.families(),
          labels(sql),
          stages,
          snapshot.partitions().stream()
              .filter(p -> !p.state().lacksInputs() || p.rows() != null)
              .toList(),
          verification,
          series(sql, request));
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

  private static Series series(DSLContext sql, ReportRequest request) {
    String pair = request.seriesPair();
    YearMonth month = request.seriesMonth();
    boolean isNamed = pair != null || month != null;
    PartitionRange range =
        isNamed
            ? new PartitionRange(List.of(), pair == null ? List.of() : List.of(pair), month, month)
            : request.range();
    Record2<String, YearMonth> chosen =
        sql.select(PROGRESS.PAIR, ProgressFields.MONTH)
            .from(PROGRESS)
            .where(range.condition(), PROGRESS.ROWS.gt(0L), PROGRESS.PAIR.ne(PartitionRange.MARKET))
            .orderBy(PROGRESS.PAIR.asc(), PROGRESS.MONTH.desc())
            .limit(1)
            .fetchOne();
    if (chosen != null) {
      return new Series(
          chosen.value1(),
          chosen.value2(),
          new ChartStore(sql).read(chosen.value1(), chosen.value2()));
    }
    if (!isNamed) {
      return null;
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
