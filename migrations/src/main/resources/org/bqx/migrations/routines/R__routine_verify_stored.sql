SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.verify_stored(
    family text, partition text, source bqx.source, rules boolean, bits boolean) RETURNS double precision[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    -- More than that is not for Java's memory.
    most_bytes CONSTANT bigint := 64 * 1024 * 1024;
    facts double precision[];
    averaged int[];
BEGIN
    -- PL/Java, and the sqljrt of the release before, cannot read a table, nor the jar before look at it.
    IF to_regprocedure('bqx.check_rows(text, float8[], float8[], float8[], int4, int4[], int4, int4, int4[], boolean, boolean)')
            IS NULL
        OR NOT EXISTS (
            SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = 'sqlj' AND p.proname = 'read_rows'
                AND has_schema_privilege(n.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE'))
        OR pg_relation_size(format('bqx.%I', partition)::regclass) > most_bytes
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
    IF ARRAY(
            SELECT a.attname::text FROM pg_attribute a
            WHERE a.attrelid = format('bqx.%I', partition)::regclass AND a.attnum > 0 AND NOT a.attisdropped
                AND a.atttypid IN ('float8'::regtype, 'timestamptz'::regtype)
            ORDER BY a.attnum)
        <> (SELECT '{ts_utc,rate_index}'::text[] || array_agg(c.column_name ORDER BY c.element)
            FROM bqx.feature_column c WHERE c.family = verify_stored.family)
    THEN
        RETURN NULL;
    END IF;

    averaged := ARRAY(
        SELECT c.element FROM bqx.feature_column c
        WHERE c.family = verify_stored.family AND c.averaged ORDER BY c.element);
    BEGIN
        EXECUTE format($query$
            SELECT bqx.check_rows(%L, sqlj.read_rows(%L), sqlj.microseconds($1), $2, $3, $4, $5, $6, $7, $8, $9)
            $query$, family, format('bqx.%I', partition))
        INTO STRICT facts
        USING source.times, source.inputs, source.bars, source.windows, source.skip, source.tail,
            1 || averaged, rules, bits;
    EXCEPTION
        -- Bars that the kernels do not take, and rows that are too many: SQL looks at them.
        WHEN invalid_parameter_value OR out_of_memory OR program_limit_exceeded OR SQLSTATE 'QX005' THEN
            facts := NULL;
    END;
    RETURN facts;
END
$$;
COMMENT ON FUNCTION bqx.verify_stored IS
    'Has Java look at a partition''s rows as they lie on their pages, where the server can read them so: NULL where it'
    ' cannot, or where one may not be right. rules asks whether those with all their history keep the rules of their'
    ' family, bits whether all are what the functions compute now, NULL and NaN being the same. Else the lowest and'
    ' the highest index, its average, and the averages of the columns that are reported.';
