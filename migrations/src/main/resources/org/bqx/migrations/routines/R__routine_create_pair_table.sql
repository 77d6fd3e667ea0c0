SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.create_pair_table(kind text, pair text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    time_column CONSTANT text := CASE kind WHEN 'm1' THEN 'time' ELSE 'ts_utc' END;
BEGIN
    EXECUTE format('CREATE TABLE bqx.%I PARTITION OF bqx.%I (PRIMARY KEY (%I)) FOR VALUES IN (%L) PARTITION BY RANGE (%I)',
        kind || '_' || pair, kind, time_column, pair, time_column);
    -- A front adds bars there. It changes none: postgres_fdw, which plans a change by locking rows, is told so by the
    -- front's own triggers, and here by the lack of all other rights.
    IF kind = 'm1' AND to_regrole('bqx_front') IS NOT NULL THEN
        EXECUTE format('GRANT INSERT, UPDATE (pair) ON bqx.%I TO bqx_front', 'm1_' || pair);
    END IF;
END
$$;
COMMENT ON FUNCTION bqx.create_pair_table IS
    'Makes a pair''s table in the table of all pairs; kind is m1 or a family.';
