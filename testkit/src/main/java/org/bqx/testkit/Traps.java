package org.bqx.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A hostile schema {@code public}: functions, aggregates, operators, types and relations by the
 * names of PostgreSQL's own and of schema bqx, each of which counts that it was reached, and fails.
 *
 * <p>They are found where a session's {@code search_path} has {@code public} before {@code
 * pg_catalog}, which any user can set for themselves, and in {@code pg_temp}, which is searched for
 * relations and types first of all unless a path names it.
 */
public final class Traps {
  /** The SQLSTATE of whoever reached a trap. */
  public static final String SPRUNG = "TRAP1";

  private Traps() {}

  /** Lays the traps in schema public, for all sessions. */
  public static void lay(SqlSession superuser) throws SQLException {
    execute(superuser, script("traps.sql"));
  }

  /** Lays those in pg_temp too, and makes this session find all of them first. */
  public static void enter(SqlSession session) throws SQLException {
    execute(session, script("temporary_traps.sql"));
    execute(session, "SET search_path = pg_temp, public, pg_catalog");
  }

  /** Returns how often a trap was reached, in whichever session, rolled back or not. */
  public static long sprung(SqlSession clean) throws SQLException {
    return clean.number("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM public.sprung");
  }

  private static void execute(SqlSession session, String sql) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      statement.execute(sql);
    }
  }

  private static String script(String name) {
    try (InputStream stream = Traps.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
