package org.bqx.testkit;

import java.sql.SQLException;

/** Bars that are made in a migrated database, and digests of what is computed from them. */
public final class MadeBars {
  private MadeBars() {}

  /**
   * Bars of a pair: a wave with noise that repeats after 997 bars, one a minute, weekends off.
   *
   * @param fromTime and toTime ISO-8601, the end excluded
   */
  public static void insert(SqlSession session, String pair, String fromTime, String toTime)
      throws SQLException {
    session.execute(
        "SELECT bqx.create_months(?, bqx.month_of(?::timestamptz), bqx.month_of(?::timestamptz - interval '1 minute'))",
        pair,
        fromTime,
        toTime);
    session.execute(
        """
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume)
        SELECT ?, t, close, close, close, close, 1
        FROM (
            SELECT t, round((1.1 + 0.01 * sin(minute / 3000.0) + 0.00001 * (minute * 7919 % 997))::numeric, 5) AS close
            FROM generate_series(?::timestamptz, ?::timestamptz - interval '1 minute', interval '1 minute') t,
                LATERAL (SELECT (extract(epoch FROM t) / 60)::bigint AS minute) m
            WHERE extract(isodow FROM t AT TIME ZONE 'UTC') < 6
        ) bars
        """,
        pair, fromTime, toTime);
  }

  /**
   * Bars of a pair as they come: one a minute, and no month made beforehand.
   *
   * @param firstTime and lastTime ISO-8601, both included
   */
  public static void append(SqlSession session, String pair, String firstTime, String lastTime)
      throws SQLException {
    session.execute(
        """
        INSERT INTO bqx.m1 (pair, time, open, high, low, close, volume)
        SELECT ?, t, c, c, c, c, 1
        FROM generate_series(?::timestamptz, ?::timestamptz, '1 minute') t,
            LATERAL (SELECT 1 + (hashtext(t::text) & 1023) / 1e5 AS c) close
        """,
        pair,
        firstTime,
        lastTime);
  }

  /** A digest of every bit of a partition, in time order. */
  public static String digest(SqlSession session, String partition) throws SQLException {
    return session.text(
        "SELECT md5(string_agg(md5(record_send(p)), '' ORDER BY ts_utc)) FROM bqx."
            + partition
            + " p");
  }
}
