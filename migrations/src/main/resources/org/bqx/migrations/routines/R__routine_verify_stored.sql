SET LOCAL ROLE bqx_owner;

-- Dropped first: the release before had fewer parameters.
DROP FUNCTION IF EXISTS bqx.verify_stored(text, text, bqx.source, boolean, boolean);
CREATE OR REPLACE FUNCTION bqx.verify_stored(
    family text, partition text, source bqx.source, rules boolean, bits boolean, sampled int[]) RETURNS double precision[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    -- More at once is not for Java's memory.
    most_bytes CONSTANT bigint := 64 * 1024 * 1024;
    stored CONSTANT regclass := format('bqx.%I', partition)::regclass;
    pages CONSTANT bigint := pg_relation_size(stored) / current_setting('block_size')::int;
    longest CONSTANT int := coalesce(source.windows[cardinality(source.windows)], 0);
    -- What stays in the processor's cache, if rows can be looked at beside their own part of the bars.
    pages_at_once int := 64;
    columns text[];
    averaged int[];
    rows_sampled CONSTANT int[] := ARRAY(SELECT position - source.skip FROM unnest(sampled) position);
    tolerances double precision[] := '{}';
    done int := 0;
    facts double precision[] := '{}';
BEGIN
    -- PL/Java, and the sqljrt of the releases before, cannot read a table so, nor the jar before look at it.
    IF to_regprocedure('bqx.check_rows(text, float8[], float8[], float8[], int4, int4[], int4, int4, int4[], float8[],'
            ' boolean, boolean, int4[], float8[])') IS NULL
        OR NOT EXISTS (
            SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = 'sqlj' AND p.proname = 'read_rows' AND p.pronargs = 3
                AND has_schema_privilege(n.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE'))
    THEN
        RETURN NULL;
    END IF;
    -- A session with the functions of another jar says so where they are needed.
    IF bits AND bqx.functions_version(family) IS DISTINCT FROM (
        SELECT f.functions_version FROM bqx.feature f WHERE f.family = verify_stored.family)
    THEN
        RETURN NULL;
    END IF;
    -- The numbers of a row are read as they lie there.
    columns := ARRAY(
        SELECT a.attname::text FROM pg_attribute a
        WHERE a.attrelid = stored AND a.attnum > 0 AND NOT a.attisdropped
            AND a.atttypid IN ('float8'::regtype, 'timestamptz'::regtype)
        ORDER BY a.attnum);
    IF columns <> (
        SELECT '{ts_utc,rate_index}'::text[] || array_agg(c.column_name ORDER BY c.element)
        FROM bqx.feature_column c WHERE c.family = verify_stored.family)
    THEN
        RETURN NULL;
    END IF;
    IF bits OR cardinality(source.inputs) <> source.bars THEN
        IF pg_relation_size(stored) > most_bytes THEN
            RETURN NULL;
        END IF;
        pages_at_once := greatest(pages, 1);
    END IF;

    IF cardinality(sampled) > 0 THEN
        tolerances := ARRAY(
            SELECT c.tolerance FROM bqx.feature_column c WHERE c.family = verify_stored.family ORDER BY c.element);
    END IF;
    averaged := ARRAY(
        SELECT c.element FROM bqx.feature_column c
        WHERE c.family = verify_stored.family AND c.averaged ORDER BY c.element);
    BEGIN
        FOR page IN 0..pages - 1 BY pages_at_once LOOP
            IF pages_at_once = pages THEN
                facts := bqx.check_rows(
                    family, sqlj.read_rows(stored, page, pages_at_once), sqlj.microseconds(source.times), source.inputs,
                    source.bars, source.windows, source.skip, source.tail, 1 || averaged, facts, rules, bits, rows_sampled, tolerances);
            ELSE
                SELECT bqx.check_rows(
                    family, part.rows, sqlj.microseconds(source.times[bar.first:bar.last]),
                    source.inputs[bar.first:bar.last], bar.last - bar.first + 1, source.windows,
                    source.skip + done - bar.first + 1, 0, 1 || averaged, facts, rules, bits,
                    rows_sampled, tolerances)
                INTO facts
                -- Its rows are not copied on their way.
                FROM (SELECT sqlj.read_rows(stored, page, pages_at_once) AS rows OFFSET 0) part
                CROSS JOIN LATERAL (
                    SELECT greatest(source.skip + done - longest, 0) + 1 AS first,
                        source.skip + done + cardinality(part.rows) / cardinality(columns) AS last
                    OFFSET 0
                ) bar;
            END IF;
            IF facts IS NULL THEN
                RETURN NULL;
            END IF;
            done := facts[1];
        END LOOP;
    EXCEPTION
        -- Bars that the kernels do not take, rows that are too many, and tables of another kind: SQL looks at them.
        WHEN invalid_parameter_value OR out_of_memory OR program_limit_exceeded OR feature_not_supported OR SQLSTATE 'QX005' THEN
            RETURN NULL;
    END;
    IF done = 0 OR done <> source.bars - source.skip - source.tail THEN
        RETURN NULL;
    END IF;
    RETURN facts[2:3] || ARRAY(
        SELECT facts[i] / nullif(facts[i + 1], 0) FROM generate_series(4, cardinality(facts), 2) i ORDER BY i);
END
$$;
COMMENT ON FUNCTION bqx.verify_stored IS
    'Has Java look at a partition''s rows as they lie on their pages, where the server can read them so: NULL where it'
    ' cannot, or where one may not be right. rules asks whether those with all their history keep the rules of their'
    ' family, bits whether all are what the functions compute now, NULL and NaN being the same, sampled whether'
    ' those of some bars, from 1 at the lookback''s start, are near the reference. Else the lowest and the highest'
    ' index, its average, and the averages of the columns that are reported.';
