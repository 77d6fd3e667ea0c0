package org.bqx.serve;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.bqx.catalogue.Catalogue;
import org.bqx.connection.Database;
import org.bqx.connection.Sql;
import org.bqx.partition.PartitionRange;
import org.bqx.report.FeatureStore;
import org.bqx.report.Features.Family;
import org.bqx.report.HtmlReport;
import org.bqx.report.ReportRequest;
import org.bqx.report.ReportStore;
import org.bqx.verify.VerifyOutcome;
import org.jooq.DSLContext;

/**
 * What a live page is made of, as of now. However many ask, a few queries run at a time, and a page
 * that is young enough is shown to all.
 */
public final class LivePage {
  /** How often a page asks again. */
  private static final int EVERY_SECONDS = 10;

  /** The page is read in one part of the time, and not in so many. */
  private static final int SHARE_OF_TIME = 4;

  private static final int QUERIES = 2;
  private static final int PATIENCE_SECONDS = 10;

  /** Fifty years. */
  private static final int MONTHS = 600;

  private final Database database;
  private final ReportRequest request;
  private final VerifyOutcome verification;
  private final UnaryOperator<String> next;
  private final Semaphore queries = new Semaphore(QUERIES, true);
  private final Object page = new Object();
  private String text;
  private long readAt;
  private long readingNanos;

  /**
   * @param database read-only
   * @param request what the page is of
   * @param verification what was verified before, null for nothing
   * @param next makes commands reach the database's server
   */
  public LivePage(
      Database database,
      ReportRequest request,
      VerifyOutcome verification,
      UnaryOperator<String> next) {
    this.database = database;
    this.request = request;
    this.verification = verification;
    this.next = next;
  }

  /** Nothing of that name is there to be looked at. */
  static final class UnknownException extends Exception {
    private static final long serialVersionUID = 1L;

    UnknownException(String message) {
      super(message);
    }
  }

  /** More is asked for than is answered at a time. */
  static final class BusyException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** Something to read. */
  private interface Reading {
    String read() throws SQLException, UnknownException, InterruptedException;
  }

  /**
   * Returns the page. It is read again when it is older than half the time after which it is asked
   * for, and than four times what reading it took.
   */
  public String page() throws SQLException, BusyException, InterruptedException {
    synchronized (page) {
      long age = System.nanoTime() - readAt;
      long young =
          Math.max(Duration.ofSeconds(EVERY_SECONDS).toNanos() / 2, SHARE_OF_TIME * readingNanos);
      if (text == null || age > young) {
        long began = System.nanoTime();
        try {
          text =
              bounded(
                  () ->
                      HtmlReport.renderLive(
                          new ReportStore(database).read(request, verification),
                          next,
                          EVERY_SECONDS));
        } catch (UnknownException impossible) {
          throw new IllegalStateException(impossible);
        }
        readAt = System.nanoTime();
        readingNanos = readAt - began;
      }
      return text;
    }
  }

  /**
   * Returns a month of a pair as JSON.
   *
   * @param parameters family, pair and month
   */
  String panel(Map<String, String> parameters)
      throws SQLException, UnknownException, BusyException, InterruptedException {
    YearMonth month = month(parameters.get("month"));
    return bounded(
        () ->
            inFamily(
                parameters,
                (store, family, pair) -> HtmlReport.json(store.panel(family, pair, month))));
  }

  /**
   * Returns the months of a column as JSON.
   *
   * @param parameters family, pair and column
   */
  String months(Map<String, String> parameters)
      throws SQLException, UnknownException, BusyException, InterruptedException {
    String column = parameters.getOrDefault("column", "");
    return bounded(
        () ->
            inFamily(
                parameters,
                (store, family, pair) -> {
                  if (!family.names().contains(column)) {
                    throw new UnknownException(
                        "%s has no column \"%s\"".formatted(family.family(), column));
                  }
                  return HtmlReport.json(
                      store
                          .months(family, List.of(column), pair, request.range(), MONTHS)
                          .get(column));
                }));
  }

  /** Reads something of a family and a pair. */
  private interface FamilyReading {
    String read(FeatureStore store, Family family, String pair) throws UnknownException;
  }

  private String inFamily(Map<String, String> parameters, FamilyReading reading)
      throws SQLException, UnknownException {
    String name = parameters.getOrDefault("family", "");
    String pair = parameters.getOrDefault("pair", "");
    try (Catalogue catalogue = new Catalogue(database)) {
      if (!pair.equals(PartitionRange.MARKET) && !catalogue.pairs(List.of()).contains(pair)) {
        throw new UnknownException("pair \"%s\" does not exist".formatted(pair));
      }
    }
    try (Connection connection = database.connect()) {
      DSLContext sql = Sql.on(connection);
      sql.execute("SET jit = off");
      FeatureStore store = new FeatureStore(sql);
      Family family =
          store.families().stream()
              .filter(one -> one.family().equals(name))
              .findFirst()
              .orElseThrow(
                  () -> new UnknownException("family \"%s\" is not computed".formatted(name)));
      return reading.read(store, family, pair);
    }
  }

  private String bounded(Reading reading)
      throws SQLException, UnknownException, BusyException, InterruptedException {
    if (!queries.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new BusyException();
    }
    try {
      return reading.read();
    } finally {
      queries.release();
    }
  }

  private static YearMonth month(String text) throws UnknownException {
    try {
      return YearMonth.parse(text == null ? "" : text);
    } catch (DateTimeParseException malformed) {
      throw new UnknownException("a month is YYYY-MM");
    }
  }
}
