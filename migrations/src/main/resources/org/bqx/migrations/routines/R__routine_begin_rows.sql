SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not own the tables. The one right that is granted is to insert into a table
-- which this transaction makes and nobody else sees; what is done with its rows is bqx.finish_rows'.
CREATE OR REPLACE FUNCTION bqx.begin_rows(
    family text, pair text, month date, force boolean, functions_version text,
    OUT write text, OUT table_name text, OUT columns text[], OUT can_be_undefined boolean[], OUT first_bar int,
    OUT times timestamptz[], OUT inputs double precision[], OUT bars int, OUT tail int, OUT windows int[])
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
    checked_family CONSTANT text := bqx.check_enabled(family);
    checked_pair CONSTANT text := bqx.check_partition_pair(checked_family, pair);
    checked_month CONSTANT date := bqx.check_month(month);
    migrated_version CONSTANT text := (SELECT f.functions_version FROM bqx.feature f WHERE f.family = checked_family);
    begun record;
    work bqx.work;
    source bqx.source;
BEGIN
    IF (functions_version = migrated_version) IS NOT TRUE THEN
        -- Not a state that passes, as a session's with an old jar is.
        RAISE EXCEPTION 'this client computes % by %, the database is migrated to %',
            checked_family, coalesce(functions_version, 'nothing'), coalesce(migrated_version, 'none')
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'Migrate with this release, ./bqx migrate, or compute with the one that migrated.';
    END IF;
    begun := bqx.begin_partition(checked_family, checked_pair, checked_month, coalesce(force, false), functions_version);
    IF begun.work IS NULL THEN
        RETURN;
    END IF;
    work := begun.work;
    source := begun.source;
    write := work.write;
    first_bar := work.first_bar;
    bars := source.bars;
    tail := source.tail;
    windows := source.windows;
    IF write <> 'no rows' THEN
        table_name := bqx.partition_name(checked_family, checked_pair, checked_month) || '_building';
        IF write <> 'all rows' THEN
            -- Rows to be added come into a table of their own, too: no client writes to a partition.
            PERFORM bqx.create_aside(checked_family, checked_pair, table_name);
        END IF;
        EXECUTE format('GRANT INSERT ON bqx.%I TO bqx_runner', table_name);
        times := source.times;
        inputs := source.inputs;
        SELECT array_agg(c.column_name ORDER BY c.element), array_agg(c.undefined_when IS NOT NULL ORDER BY c.element)
        INTO columns, can_be_undefined
        FROM bqx.feature_column c
        WHERE c.family = checked_family;
    END IF;
    source.times := NULL;
    source.inputs := NULL;
    INSERT INTO bqx.begun_work (transaction, work, source, first_time, last_time)
    VALUES (pg_current_xact_id(), work, source, times[first_bar + 1], times[bars - tail]);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.begin_rows TO bqx_runner;
COMMENT ON FUNCTION bqx.begin_rows IS
    'Begins a partition that a client computes. In the same transaction the client then brings the rows by COPY'
    ' into table_name, and ends with bqx.finish_rows; without that nothing can be committed. write is NULL when the'
    ' partition is done and left alone, and ''no rows'' when none are wanted. The rows are those of times and'
    ' inputs, but for the first first_bar bars and the tail, in the columns of that order; where can_be_undefined'
    ' says so a NaN is brought as NULL. functions_version is that of the client''s classes.';
