-- A schema that pg_dump -n bqx took lacks what lies outside of it, the extension and the jar, and so the functions in
-- Java. Its history says that they are there: it forgets them, and they are made as at first.
DO $$
BEGIN
    IF to_regclass('bqx.flyway_schema_history') IS NOT NULL AND to_regclass('bqx.functions_jar') IS NOT NULL
        AND to_regproc('bqx.feature_rows') IS NULL
    THEN
        IF EXISTS (SELECT FROM bqx.functions_jar) THEN
            DELETE FROM bqx.flyway_schema_history
            WHERE script LIKE '%R\_\_functions\_jar' OR script LIKE '%R\_\_routine\_as\_of.sql'
                OR script LIKE '%R\_\_routine\_rolling\_correlation.sql';
            DELETE FROM bqx.functions_jar;
        END IF;
    END IF;
END
$$;
