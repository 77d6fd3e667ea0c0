package org.bqx.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.bqx.functions.FeatureFunctions;
import org.bqx.kernel.Families;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.Configuration;

/**
 * Decides where rows are computed. Before a migration makes anything, the schema included, it stops
 * it where the user may not do what that takes; after it, it records the engine and the revisions
 * of this program's families.
 */
public final class EngineCallback extends MigrationCallback {
  private static final Set<Event> BEFORE =
      EnumSet.of(Event.BEFORE_CREATE_SCHEMA, Event.BEFORE_BASELINE, Event.BEFORE_MIGRATE);

  private static final String HOW_TO_GET_JAVA =
      """
      SELECT format('For Java in the server, install it there: "apt-get install postgresql-%1$s-pljava" or, in a'
          ' checkout of bqx, "make -C sqljrt && make -C sqljrt install"; then "./bqx migrate --engine server".',
          current_setting('server_version_num')::int / 10000)
      """;

  private static final String REQUIRE_SUPERUSER =
      """
      DO $$
      BEGIN
          IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
              RAISE EXCEPTION 'role "%" is not a superuser: installing Java functions takes one', current_user
                  USING ERRCODE = 'insufficient_privilege',
                      HINT = 'Where none is to be had, the client can compute: ./bqx migrate --engine client.';
          END IF;
          IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name IN ('pljava', 'sqljrt')) THEN
              RAISE EXCEPTION 'this server has no Java: neither extension pljava nor sqljrt is available'
                  USING ERRCODE = 'feature_not_supported',
                      HINT = format('Install one of them on the server: "apt-get install postgresql-%1$s-pljava"'
                          ' or, in a checkout of bqx, "make -C sqljrt && make -C sqljrt install".',
                          current_setting('server_version_num')::int / 10000);
          END IF;
      END
      $$
      """;

  private static final String REQUIRE_FRONT =
      """
      DO $$
      BEGIN
          IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
              RAISE EXCEPTION 'role "%" is not a superuser: the front of several servers takes one', current_user
                  USING ERRCODE = 'insufficient_privilege';
          END IF;
          IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgres_fdw') THEN
              RAISE EXCEPTION 'extension postgres_fdw is not available on this server'
                  USING ERRCODE = 'feature_not_supported', HINT = 'It is part of PostgreSQL''s contrib modules.';
          END IF;
          IF to_regclass('bqx.node') IS NULL AND to_regproc('bqx.read_source') IS NOT NULL THEN
              RAISE EXCEPTION 'database "%" is a server already: it can not become a front', current_database()
                  USING ERRCODE = 'object_not_in_prerequisite_state',
                      HINT = 'Make the front in another database, and add this one to it as a node.';
          END IF;
      END
      $$
      """;

  /**
   * Makes the roles where they are not there, and has this one act as their owner. From PostgreSQL
   * 16 on, who creates a role may grant it and is no member of it.
   */
  private static final String PREPARE_ROLES =
      """
      DO $$
      DECLARE
          role_name text;
          is_16 CONSTANT boolean := current_setting('server_version_num')::int >= 160000;
          acting CONSTANT text := CASE WHEN is_16 THEN ' WITH INHERIT TRUE, SET TRUE' ELSE '' END;
      BEGIN
          IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
              RETURN;
          END IF;
          FOREACH role_name IN ARRAY ARRAY['bqx_owner', 'bqx_runner', 'bqx_reader'] LOOP
              CONTINUE WHEN to_regrole(role_name) IS NOT NULL;
              IF NOT (SELECT rolcreaterole FROM pg_roles WHERE rolname = current_user) THEN
                  RAISE EXCEPTION 'role "%" may not create role %: it has no CREATEROLE', current_user, role_name
                      USING ERRCODE = 'insufficient_privilege',
                          HINT = format('ALTER ROLE %1$I CREATEROLE, or make them: CREATE ROLE bqx_owner; CREATE ROLE'
                              ' bqx_runner; CREATE ROLE bqx_reader; GRANT bqx_owner TO %1$I%2$s;', current_user, acting);
              END IF;
              EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
          END LOOP;
          IF NOT pg_has_role('bqx_owner', 'USAGE') OR NOT pg_has_role('bqx_owner', CASE WHEN is_16 THEN 'SET' ELSE 'MEMBER' END)
          THEN
              BEGIN
                  EXECUTE format('GRANT bqx_owner TO %I%s', current_user, acting);
              EXCEPTION
                  WHEN insufficient_privilege THEN
                      NULL; -- somebody else's role, and not ours to grant
              END;
          END IF;
          IF NOT pg_has_role('bqx_owner', 'USAGE') OR NOT pg_has_role('bqx_owner', CASE WHEN is_16 THEN 'SET' ELSE 'MEMBER' END)
          THEN
              RAISE EXCEPTION 'role "%" may not act as bqx_owner, which owns the schema', current_user
                  USING ERRCODE = 'insufficient_privilege',
                      HINT = format('Have it granted: GRANT bqx_owner TO %I%s;', current_user, acting)
                          || CASE WHEN NOT (SELECT rolinherit FROM pg_roles WHERE rolname = current_user)
                              THEN format(' ALTER ROLE %I INHERIT;', current_user) ELSE '' END;
          END IF;
          IF to_regnamespace('bqx') IS NULL AND NOT has_database_privilege(current_database(), 'CREATE') THEN
              RAISE EXCEPTION 'role "%" may not create a schema in database "%"', current_user, current_database()
                  USING ERRCODE = 'insufficient_privilege',
                      HINT = format('Have it granted: GRANT CREATE ON DATABASE %I TO %I;', current_database(), current_user);
          END IF;
          IF to_regnamespace('bqx') IS NULL AND NOT has_database_privilege('bqx_owner', current_database(), 'TEMPORARY') THEN
              -- The stages that look for an older layout do.
              RAISE EXCEPTION 'role bqx_owner may not create temporary tables in database "%"', current_database()
                  USING ERRCODE = 'insufficient_privilege',
                      HINT = format('Have it granted: GRANT TEMPORARY ON DATABASE %I TO bqx_owner;', current_database());
          END IF;
          IF to_regclass('bqx.flyway_schema_history') IS NOT NULL
              AND NOT has_table_privilege('bqx.flyway_schema_history', 'INSERT')
          THEN
              RAISE EXCEPTION 'role "%" may not write bqx.flyway_schema_history, which another role made', current_user
                  USING ERRCODE = 'insufficient_privilege',
                      HINT = format('Have it granted: GRANT SELECT, INSERT, UPDATE, DELETE ON bqx.flyway_schema_history TO %I;',
                          current_user);
          END IF;
      END
      $$
      """;

  private final Consumer<String> notices;

  /** For Flyway's own programs. */
  public EngineCallback() {
    this(notice -> {});
  }

  /**
   * @param notices is told what the user may not expect
   */
  EngineCallback(Consumer<String> notices) {
    super("engine");
    this.notices = notices;
  }

  @Override
  public boolean supports(Event event, Context context) {
    return BEFORE.contains(event) || event == Event.AFTER_MIGRATE;
  }

  @Override
  void on(Event event, Context context) throws SQLException {
    Connection connection = context.getConnection();
    Engine engine = Engine.choose(connection, context.getConfiguration().getPlaceholders());
    refuseOthersMigrations(engine, context.getConfiguration());
    if (event == Event.AFTER_MIGRATE) {
      record(engine, connection);
    } else {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            switch (engine) {
              case SERVER -> REQUIRE_SUPERUSER;
              case CLIENT -> PREPARE_ROLES;
              case NODES -> REQUIRE_FRONT;
            });
      }
    }
  }

  /** A server's routines must not take the place of a front's, nor the other way round. */
  private static void refuseOthersMigrations(Engine engine, Configuration configuration) {
    boolean areFronts =
        Arrays.stream(configuration.getLocations())
            .anyMatch(location -> location.getDescriptor().equals("classpath:" + Migrations.FRONT));
    if (areFronts != (engine == Engine.NODES)) {
      throw new FlywayException(
          areFronts
              ? "these are the migrations of a front, and this database is none"
              : "this database is a front of several servers, and these are a server's migrations:"
                  + " ./bqx migrate chooses by the database, Flyway's own programs take"
                  + " -Dflyway.locations="
                  + Migrations.frontDefaults().getProperty("flyway.locations"));
    }
  }

  private void record(Engine engine, Connection connection) throws SQLException {
    boolean isNew = !engine.sqlName().equals(Engine.recorded(connection));
    if (engine == Engine.SERVER) {
      FunctionsJar jar = new FunctionsJar();
      if (!jar.isUpToDate(connection)) {
        // Its migration ran while a client computed, or with an older sqljrt.
        jar.install(connection);
      }
    }
    if (isNew) {
      try (PreparedStatement statement =
          connection.prepareStatement(
              """
              INSERT INTO bqx.setting (name, value) VALUES ('engine', ?)
              ON CONFLICT (name) DO UPDATE SET value = excluded.value
              """)) {
        statement.setString(1, engine.sqlName());
        statement.executeUpdate();
      }
    }
    noteVersions(engine, connection);
    if (engine == Engine.CLIENT && isNew) {
      notices.accept(
          Engine.javaIsAvailable(connection)
              ? "this database is computed by the client, ./bqx backfill, though the server offers Java;"
                  + " ./bqx migrate --engine server changes that"
              : "this server has no Java: this database is computed by the client, ./bqx backfill. "
                  + Engine.one(connection, HOW_TO_GET_JAVA));
    }
  }

  /**
   * Notes the revisions of this program's families: what computes here has these very classes. A
   * server may have families besides, in a jar that somebody has put in place.
   */
  private static void noteVersions(Engine engine, Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            UPDATE bqx.feature f SET functions_version = v.version
            FROM (
                SELECT f.family, v.version
                FROM bqx.feature f %s JOIN unnest(?::text[], ?::text[]) v (family, version) USING (family)
            ) v
            WHERE v.family = f.family AND f.functions_version IS DISTINCT FROM v.version
            """
                .formatted(engine == Engine.CLIENT ? "LEFT" : ""))) {
      String[] families = Families.names().toArray(String[]::new);
      String[] versions = new String[families.length];
      for (int i = 0; i < families.length; i++) {
        versions[i] = FeatureFunctions.functionsVersion(families[i]);
      }
      statement.setArray(1, connection.createArrayOf("text", families));
      statement.setArray(2, connection.createArrayOf("text", versions));
      statement.executeUpdate();
    }
  }
}
