package org.bqx.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Keeps Flyway's history complete. Flyway commits a stage by one connection and the stage's row of
 * its history by another, a moment later: who is killed in between leaves a stage that the next
 * migration would run again. So each stage is noted in its own transaction, and a migration begins
 * with what its history lacks of that.
 */
public final class CommittedStages extends MigrationCallback {
  private static final String CREATE_TABLE =
      """
      SET LOCAL ROLE bqx_owner;
      CREATE TABLE IF NOT EXISTS bqx.committed_stage (
          version text PRIMARY KEY,
          description text NOT NULL,
          type text NOT NULL,
          script text NOT NULL,
          checksum int
      );
      COMMENT ON TABLE bqx.committed_stage IS
          'the stages that migrations have committed, for a history that lacks one since a migration was killed';
      COMMENT ON COLUMN bqx.committed_stage.version IS 'as in flyway_schema_history, like the rest';
      COMMENT ON COLUMN bqx.committed_stage.description IS 'the words of the file''s name';
      COMMENT ON COLUMN bqx.committed_stage.type IS 'SQL';
      COMMENT ON COLUMN bqx.committed_stage.script IS 'the file''s path';
      COMMENT ON COLUMN bqx.committed_stage.checksum IS 'of the file''s lines';
      """;

  private static final String NOTE =
      """
      INSERT INTO bqx.committed_stage (version, description, type, script, checksum) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (version) DO UPDATE
      SET description = excluded.description, type = excluded.type, script = excluded.script, checksum = excluded.checksum
      """;

  /**
   * Another migration has written its row before it commits the stage: once the lock is there, that
   * row is committed, or gone with who wrote it.
   */
  private static final String COMPLETE =
      """
      DO $$
      BEGIN
          IF to_regclass('bqx.committed_stage') IS NULL OR to_regclass('bqx.flyway_schema_history') IS NULL THEN
              RETURN;
          END IF;
          IF EXISTS (
              SELECT FROM bqx.committed_stage s
              WHERE NOT EXISTS (SELECT FROM bqx.flyway_schema_history h WHERE h.version = s.version))
          THEN
              LOCK TABLE bqx.flyway_schema_history IN SHARE ROW EXCLUSIVE MODE;
              INSERT INTO bqx.flyway_schema_history (installed_rank, version, description, type, script, checksum,
                  installed_by, execution_time, success)
              SELECT h.last_rank + row_number() OVER (ORDER BY s.version COLLATE "C"), s.version, s.description, s.type,
                  s.script, s.checksum, current_user, 0, true
              FROM bqx.committed_stage s, (SELECT max(installed_rank) AS last_rank FROM bqx.flyway_schema_history) h
              WHERE NOT EXISTS (SELECT FROM bqx.flyway_schema_history h WHERE h.version = s.version);
          END IF;
      END
      $$
      """;

  /** For Flyway. */
  public CommittedStages() {
    super("committed stages");
  }

  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.BEFORE_MIGRATE || event == Event.AFTER_EACH_MIGRATE;
  }

  @Override
  void on(Event event, Context context) throws SQLException {
    if (event == Event.BEFORE_MIGRATE) {
      try (Statement statement = context.getConnection().createStatement()) {
        statement.execute(COMPLETE);
      }
    } else if (context.getMigrationInfo().isVersioned()) {
      note(context.getMigrationInfo(), context.getConnection());
    }
  }

  private static void note(MigrationInfo stage, Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(CREATE_TABLE);
    }
    try (PreparedStatement statement = connection.prepareStatement(NOTE)) {
      statement.setString(1, stage.getVersion().getVersion());
      statement.setString(2, stage.getDescription());
      statement.setString(3, stage.getType().name());
      statement.setString(4, stage.getScript());
      statement.setObject(5, stage.getChecksum());
      statement.executeUpdate();
    }
  }
}
