-- Repeatable migrations whose work is gone, as history does not know. It is told that they were something else, and they
-- are made again. Rows are added, not deleted: Flyway keeps in memory what it has read of its history, and reads only what
-- is new.
DO $$
DECLARE
    again text[] := '{}';
BEGIN
    IF to_regclass('bqx.flyway_schema_history') IS NULL THEN
        RETURN;
    END IF;
    -- A schema that pg_dump -n bqx took lacks what lies outside of it, the extension and the jar, and so the functions in
    -- Java.
    IF to_regclass('bqx.functions_jar') IS NOT NULL AND to_regproc('bqx.feature_rows') IS NULL THEN
        IF EXISTS (SELECT FROM bqx.functions_jar) THEN
            again := ARRAY['R__functions_jar', 'R__routine_as_of.sql', 'R__routine_rolling_correlation.sql',
                'R__routine_merge_times.sql', 'R__routine_inputs_digest.sql'];
            DELETE FROM bqx.functions_jar;
        END IF;
    END IF;
    -- Stages that make these themselves are to come: shared/beforeMigrate__bars.sql.
    IF NOT EXISTS (SELECT FROM bqx.flyway_schema_history h WHERE h.version = '1.5.2.3') THEN
        again := again || ARRAY['R__routine_set_rate_index.sql', 'R__routine_bars_changed.sql',
            'R__routine_bars_truncated.sql', 'R__routine_watch_bars.sql'];
    END IF;
    IF again <> '{}' THEN
        INSERT INTO bqx.flyway_schema_history
            (installed_rank, description, type, script, checksum, installed_by, execution_time, success)
        SELECT last.installed_rank + row_number() OVER (ORDER BY made.script), made.description, made.type,
            made.script, 0, current_user, 0, true
        FROM (
            SELECT DISTINCT description, type, script
            FROM bqx.flyway_schema_history
            WHERE regexp_replace(script, '^.*(?=R__)', '') = ANY (again)
        ) made, (SELECT max(installed_rank) AS installed_rank FROM bqx.flyway_schema_history) last;
    END IF;
END
$$;
