package org.bqx.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bqx.connection.Database;
import org.bqx.terminal.Quantity;
import org.jooq.DSLContext;
import org.jooq.Record;

/** The server that was reached: its version, settings that hurt, and its disk. */
final class ServerChecks {
  private static final int OLDEST_SERVER = 15;
  private static final int NEWEST_SERVER = 18;
  private static final double LEAST_FREE = 0.1;

  private final Database database;
  private final DSLContext sql;

  ServerChecks(Database database, DSLContext sql) {
    this.database = database;
    this.sql = sql;
  }

  void version(String name, List<Finding> findings) {
    Record row =
        sql.fetchOne(
            """
            SELECT current_setting('server_version') AS version,
                current_setting('server_version_num')::int / 10000 AS major
            """);
    int major = row.get("major", Integer.class);
    String message =
        "PostgreSQL %s at %s".formatted(row.get("version", String.class), database.settings());
    findings.add(
        major >= OLDEST_SERVER && major <= NEWEST_SERVER
            ? Finding.ok(name, message)
            : Finding.warning(
                name,
                "%s: bqx is tested on %d to %d".formatted(message, OLDEST_SERVER, NEWEST_SERVER),
                "./bqx test"));
  }

  void settings(String name, List<Finding> findings) {
    List<Finding> wrong = new ArrayList<>();
    for (Record setting :
        sql.fetch(
            """
            SELECT name, current_setting(name) AS value, advice
            -- Of role and database, which has its way before those of either alone.
            FROM (SELECT format('ALTER ROLE CURRENT_USER IN DATABASE %I SET ', current_database()) AS role) own,
            LATERAL (VALUES
                ('fsync', current_setting('fsync') = 'off',
                    'a crash of the machine may destroy the database', 'ALTER SYSTEM RESET fsync'),
                ('full_page_writes', current_setting('full_page_writes') = 'off',
                    'a crash of the machine may destroy the database', 'ALTER SYSTEM RESET full_page_writes'),
                ('autovacuum', current_setting('autovacuum') = 'off',
                    'statistics grow old and dead rows stay', 'ALTER SYSTEM RESET autovacuum'),
                ('track_activities', current_setting('track_activities') = 'off',
                    'the monitor cannot say what backends wait for', 'ALTER SYSTEM RESET track_activities'),
                ('shared_buffers', pg_size_bytes(current_setting('shared_buffers')) < 128 * 1024 * 1024,
                    'less than 128MB makes a backfill read from disk', 'ALTER SYSTEM SET shared_buffers = ''1GB'''),
                ('max_wal_size', pg_size_bytes(current_setting('max_wal_size')) < 1024 * 1024 * 1024::bigint,
                    'less than 1GB makes checkpoints frequent', 'ALTER SYSTEM SET max_wal_size = ''4GB'''),
                ('jit', current_setting('jit') = 'on',
                    'a join of wide families is compiled column by column before its first row', role || 'jit = off'),
                ('enable_partitionwise_join', current_setting('enable_partitionwise_join') = 'off',
                    'a join of families by pair and time reads every month of the second',
                    role || 'enable_partitionwise_join = on'),
                ('statement_timeout', current_setting('statement_timeout') <> '0',
                    'a query of this role that takes longer is cancelled', role || 'statement_timeout = 0'),
                ('idle_in_transaction_session_timeout',
                    current_setting('idle_in_transaction_session_timeout') <> '0',
                    'an import that waits for its input is ended', role || 'idle_in_transaction_session_timeout = 0'),
                ('transaction_timeout', coalesce(current_setting('transaction_timeout', true), '0') <> '0',
                    'an import or a partition that takes longer is ended', role || 'transaction_timeout = 0'),
                ('default_transaction_read_only', current_setting('default_transaction_read_only') = 'on',
                    'this role can neither import nor compute', role || 'default_transaction_read_only = off')
            ) AS rule (name, hurts, why, next), LATERAL (SELECT why || E'\\t' || next AS advice) a
            WHERE hurts
            """)) {
      String[] advice = setting.get("advice", String.class).split("\t");
      wrong.add(
          Finding.warning(
              name,
              "%s is %s: %s"
                  .formatted(
                      setting.get("name", String.class),
                      setting.get("value", String.class),
                      advice[0]),
              advice[1]));
    }
    findings.addAll(wrong.isEmpty() ? List.of(Finding.ok(name, "none hurts")) : wrong);
  }

  void disk(String name, List<Finding> findings) {
    Record row =
        sql.fetchOne(
            """
            SELECT CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE')
                    THEN current_setting('data_directory') END AS folder,
                pg_database_size(current_database()) AS bytes
            """);
    String folder = row.get("folder", String.class);
    String size = "the database takes " + Quantity.bytes(row.get("bytes", Long.class));
    long free;
    long total;
    try {
      FileStore store = store(folder);
      if (store == null) {
        findings.add(
            Finding.unknown(
                name,
                size + "; how much is free is seen on the server alone, by pg_read_all_settings"));
        return;
      }
      free = store.getUsableSpace();
      total = store.getTotalSpace();
    } catch (IOException unseen) {
      // In a chroot, for one, whose own mount point is outside of it.
      findings.add(
          Finding.unknown(
              name, "%s; how much is free cannot be seen: %s".formatted(size, Reason.of(unseen))));
      return;
    }
    String message = "%s, %s are free".formatted(size, Quantity.bytes(free));
    findings.add(
        free < LEAST_FREE * total
            ? Finding.warning(name, message + ", less than a tenth", "df -h " + folder)
            : Finding.ok(name, message));
  }

  /** Returns where the server's files are, null when they are not here. */
  private FileStore store(String folder) throws IOException {
    if (folder == null || !InetAddress.getByName(database.settings().host()).isLoopbackAddress()) {
      return null;
    }
    // The data directory is its owner's alone; the folder around it is on the same disk or says so.
    for (Path path = Path.of(folder); path != null; path = path.getParent()) {
      if (Files.exists(path)) {
        return Files.getFileStore(path);
      }
    }
    return null;
  }
}
