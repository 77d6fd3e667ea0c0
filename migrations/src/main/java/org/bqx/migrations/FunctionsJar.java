package org.bqx.migrations;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.jar.Attributes.Name;
import java.util.jar.JarInputStream;
import java.util.zip.CRC32;

/**
 * The jar of Java functions, and how it gets into a database.
 *
 * <p>It travels over the connection as a bytea, so nothing needs to be on the server's disk but the
 * extension that runs Java: PL/Java where the server offers it, else sqljrt. Both keep the
 * interface of SQL/JRT, so from here on nothing knows which one it is.
 */
final class FunctionsJar {
  private static final String JAR_NAME = "bqx_functions";

  /**
   * The helpers in routines/ that Java's take the place of: their owner is not to own one of these.
   */
  private static final String DROP_SUBSTITUTES =
      """
      DO $$
      DECLARE
          substitute regprocedure;
      BEGIN
          FOR substitute IN
              SELECT p.oid FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
              WHERE p.oid IN (to_regproc('bqx.as_of'), to_regproc('bqx.merge_times'),
                      to_regproc('bqx.inputs_digest'), to_regproc('bqx.rolling_correlation'))
                  AND l.lanname = 'plpgsql'
          LOOP
              EXECUTE format('DROP FUNCTION %s', substitute);
          END LOOP;
      END
      $$
      """;

  /** A library that was renewed on the server is used as it was before in what it has made. */
  private static final String HAS_OLDER_SQLJRT =
      """
      SELECT EXISTS (
          SELECT FROM pg_available_extensions e
          CROSS JOIN LATERAL pg_extension_update_paths(e.name) u
          WHERE e.name = 'sqljrt' AND u.source = e.installed_version AND u.target = e.default_version AND u.path IS NOT NULL)
      """;

  private final byte[] jar = readJar();

  /** Returns a checksum of its content. */
  int checksum() {
    CRC32 crc = new CRC32();
    crc.update(jar);
    return (int) crc.getValue();
  }

  /** Returns whether the database has this very jar, and of sqljrt what the server has. */
  boolean isUpToDate(Connection connection) throws SQLException {
    return sha256().equals(Engine.one(connection, "SELECT sha256 FROM bqx.functions_jar"))
        && !hasOlderSqljrt(connection);
  }

  static boolean hasOlderSqljrt(Connection connection) throws SQLException {
    return "t".equals(Engine.one(connection, HAS_OLDER_SQLJRT));
  }

  /** Installs it and what runs it, or puts them in others' place; takes a superuser. */
  void install(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          DO $$
          DECLARE
              runtime text;
          BEGIN
              SELECT name INTO STRICT runtime
              FROM pg_available_extensions
              WHERE name IN ('pljava', 'sqljrt')
              ORDER BY installed_version IS NULL, name
              LIMIT 1;
              EXECUTE format('CREATE EXTENSION IF NOT EXISTS %I', runtime);
          END
          $$
          """);
      if (hasOlderSqljrt(connection)) {
        statement.execute("ALTER EXTENSION sqljrt UPDATE");
      }
      statement.execute(DROP_SUBSTITUTES);
      put(connection);
      // A URL given to install_jar is read with the server's rights: superusers alone may.
      statement.execute(
          """
          REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA sqlj FROM PUBLIC;
          GRANT EXECUTE ON FUNCTION bqx.feature_rows, bqx.feature_reference, bqx.rows_hold,
              bqx.check_rows, bqx.as_of, bqx.merge_times, bqx.inputs_digest, bqx.correlation_rows, bqx.rolling_correlation,
              bqx.functions_version TO bqx_owner, bqx_runner;
          DO $$
          BEGIN
              -- PL/Java asks for USAGE on its schema at each call; sqljrt, whose language is not a trusted one,
              -- does not. USAGE on the language, which a call does not take, lets its holder create functions:
              -- the release before granted it.
              IF (SELECT lanpltrusted FROM pg_language WHERE lanname = 'java') THEN
                  GRANT USAGE ON SCHEMA sqlj TO bqx_owner, bqx_runner;
                  REVOKE USAGE ON LANGUAGE java FROM PUBLIC, bqx_owner, bqx_runner;
              END IF;
              -- What verifies has the right to read its tables. The sqljrt of the releases before cannot.
              IF to_regprocedure('sqlj.read_rows(regclass, int8, int4)') IS NOT NULL THEN
                  GRANT USAGE ON SCHEMA sqlj TO bqx_owner;
                  GRANT EXECUTE ON FUNCTION sqlj.read_rows, sqlj.microseconds TO bqx_owner;
              END IF;
          END
          $$;
          """);
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            INSERT INTO bqx.functions_jar (version, sha256) VALUES (?, ?)
            ON CONFLICT (only_row) DO UPDATE
            SET version = excluded.version, sha256 = excluded.sha256, installed_at = now()
            """)) {
      statement.setString(1, version());
      statement.setString(2, sha256());
      statement.executeUpdate();
    }
  }

  private void put(Connection connection) throws SQLException {
    boolean replace;
    try (Statement statement = connection.createStatement();
        ResultSet classpath = statement.executeQuery("SELECT sqlj.get_classpath('bqx')")) {
      classpath.next();
      replace = JAR_NAME.equals(classpath.getString(1));
    }
    String call =
        replace ? "SELECT sqlj.replace_jar(?, ?, true)" : "SELECT sqlj.install_jar(?, ?, true)";
    try (PreparedStatement statement = connection.prepareStatement(call)) {
      statement.setBytes(1, jar);
      statement.setString(2, JAR_NAME);
      statement.execute();
    }
    if (!replace) {
      try (PreparedStatement statement =
          connection.prepareStatement("SELECT sqlj.set_classpath('bqx', ?)")) {
        statement.setString(1, JAR_NAME);
        statement.execute();
      }
    }
  }

  private String version() {
    try (JarInputStream stream = new JarInputStream(new ByteArrayInputStream(jar))) {
      return stream.getManifest().getMainAttributes().getValue(Name.IMPLEMENTATION_VERSION);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the SHA-256 that is noted of it, in hexadecimal. */
  String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(jar));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] readJar() {
    try (InputStream resource = FunctionsJar.class.getResourceAsStream("bqx-functions.jar")) {
      return resource.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
