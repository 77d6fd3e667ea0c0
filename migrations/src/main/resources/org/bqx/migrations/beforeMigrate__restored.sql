-- A schema that pg_dump -n bqx took lacks what lies outside of it, the extension and the jar, and so the functions in
-- Java. Its history says that they are there: it is told that they were something else, and they are made again. Rows
-- are added, not deleted: Flyway keeps in memory what it has read of its history, and reads only what is new.
DO $$
BEGIN
    IF to_regclass('bqx.flyway_schema_history') IS NOT NULL AND to_regclass('bqx.functions_jar') IS NOT NULL
        AND to_regproc('bqx.feature_rows') IS NULL
    THEN
        IF EXISTS (SELECT FROM bqx.functions_jar) THEN
            INSERT INTO bqx.flyway_schema_history
                (installed_rank, description, type, script, checksum, installed_by, execution_time, success)
            SELECT last.installed_rank + row_number() OVER (ORDER BY made.script), made.description, made.type,
                made.script, 0, current_user, 0, true
            FROM (
                SELECT DISTINCT description, type, script
                FROM bqx.flyway_schema_history
                WHERE script LIKE '%R\_\_functions\_jar' OR script LIKE '%R\_\_routine\_as\_of.sql'
                    OR script LIKE '%R\_\_routine\_rolling\_correlation.sql'
                    OR script LIKE '%R\_\_routine\_merge\_times.sql'
                    OR script LIKE '%R\_\_routine\_inputs\_digest.sql'
            ) made, (SELECT max(installed_rank) AS installed_rank FROM bqx.flyway_schema_history) last;
            DELETE FROM bqx.functions_jar;
        END IF;
    END IF;
END
$$;
