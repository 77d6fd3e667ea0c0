package org.bqx.report;

import static org.bqx.jooq.Tables.BQX_;
import static org.bqx.jooq.Tables.FEATURE;
import static org.bqx.jooq.Tables.REG;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.failure.ExitCode;
import org.bqx.failure.Failure;
import org.bqx.monitor.FamilyProgress;
import org.bqx.monitor.MonitorStore;
import org.bqx.monitor.PartitionFact;
import org.bqx.monitor.Snapshot;
import org.bqx.report.Report.Series;
import org.bqx.stages.Stage;
import org.bqx.stages.StageStore;
import org.bqx.verify.VerifyOutcome;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** Reads what a report says: states and stages as the monitor has them, and one month's series. */
public final class ReportStore {
  private static final int USUAL_WINDOW = 60;

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
    List<String> families;
    List<String> pairs;
    try (Catalogue catalogue = new Catalogue(database)) {
      families = catalogue.families(request.families());
      pairs = catalogue.pairs(request.pairs());
      if (request.seriesPair() != null) {
        catalogue.pairs(List.of(request.seriesPair()));
      }
    }
    Snapshot snapshot;
    try (MonitorStore store = new MonitorStore(database)) {
      snapshot = store.read();
    }
    List<Stage> stages;
    try (StageStore store = new StageStore(database)) {
      stages = store.read();
    }
    List<PartitionFact> partitions =
        snapshot.partitions().stream()
            .filter(p -> families.contains(p.family()) && pairs.contains(p.pair()))
            .filter(p -> request.from() == null || !p.month().isBefore(request.from()))
            .filter(p -> request.to() == null || !p.month().isAfter(request.to()))
            .filter(p -> !p.is("no bars") || p.rows() != null)
            .toList();
    List<FamilyProgress> totals =
        snapshot.families().stream()
            .filter(family -> families.contains(family.family()))
            .map(
                family ->
                    MonitorStore.progress(
                        family.family(),
                        partitions.stream()
                            .filter(p -> p.family().equals(family.family()))
                            .toList(),
                        family.bytes(),
                        snapshot.at()))
            .toList();
    try (Connection connection = database.connect()) {
      DSLContext sql = DSL.using(connection, SQLDialect.POSTGRES);
      Map<String, List<Integer>> windows =
          sql.selectFrom(FEATURE)
              .fetchMap(FEATURE.FAMILY, row -> Arrays.asList(row.get(FEATURE.WINDOWS)));
      return new Report(
          snapshot.at(),
          snapshot.server(),
          totals,
          windows,
          stages,
          partitions,
          verification,
          series(sql, windows, request, snapshot.partitions(), partitions));
    }
  }

  private static Series series(
      DSLContext sql,
      Map<String, List<Integer>> windows,
      ReportRequest request,
      List<PartitionFact> all,
      List<PartitionFact> inReport) {
    boolean isNamed = request.seriesPair() != null || request.seriesMonth() != null;
    PartitionFact chosen =
        (isNamed ? all : inReport)
            .stream()
                .filter(p -> p.rows() != null && p.rows() > 0)
                .filter(p -> request.seriesPair() == null || request.seriesPair().equals(p.pair()))
                .filter(
                    p -> request.seriesMonth() == null || request.seriesMonth().equals(p.month()))
                .min(
                    Comparator.comparing(PartitionFact::pair)
                        .thenComparing(PartitionFact::month, Comparator.reverseOrder()))
                .orElse(null);
    if (chosen == null) {
      if (isNamed) {
        throw new Failure(
            ExitCode.FAILED,
            "nothing is computed of %s"
                .formatted(
                    Stream.of(request.seriesPair(), request.seriesMonth())
                        .filter(part -> part != null)
                        .map(Object::toString)
                        .reduce((pair, month) -> pair + " " + month)
                        .orElseThrow()),
            "list what is: ./bqx plan --force");
      }
      return null;
    }
    int window =
        windows.get("bqx").contains(USUAL_WINDOW) ? USUAL_WINDOW : windows.get("bqx").get(0);
    String deviation = "w%d_bqx_mean_return".formatted(window);
    List<String> r2 = windows.get("reg").stream().map("w%d_reg_r2"::formatted).toList();
    return new Series(
        chosen.pair(),
        chosen.month(),
        deviation,
        lines(sql, BQX_, chosen.pair(), chosen.month(), List.of("rate_index", deviation)),
        lines(sql, REG, chosen.pair(), chosen.month(), r2),
        windows.get("reg"));
  }

  private static Lines lines(
      DSLContext sql, Table<?> table, String pair, YearMonth month, List<String> columns) {
    Field<OffsetDateTime> time = table.field("ts_utc", OffsetDateTime.class);
    OffsetDateTime from = month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
    // Windows are data: a database may have others than the generated classes know.
    List<Field<Double>> fields =
        columns.stream().map(column -> DSL.field(DSL.name(column), Double.class)).toList();
    List<Field<?>> selected = new ArrayList<>(fields);
    selected.add(time);
    Result<Record> rows =
        sql.select(selected)
            .from(table)
            .where(
                table.field("pair", String.class).eq(pair),
                time.ge(from),
                time.lt(from.plusMonths(1)))
            .orderBy(time)
            .fetch();
    return new Lines(
        rows.stream().map(row -> row.get(time).toEpochSecond()).toList(),
        fields.stream().map(rows::getValues).toList());
  }
}
