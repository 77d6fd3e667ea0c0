SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who reads may verify, and need not be able to call the Java functions.
CREATE OR REPLACE FUNCTION bqx.verify_families(
    families text[], pair text, month date, sample int DEFAULT 200, every_row boolean DEFAULT false,
    lowest_index double precision DEFAULT 50, highest_index double precision DEFAULT 200)
RETURNS TABLE (
    family text, kind text, check_name text, ts_utc timestamptz, column_name text, found text, expected text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET "TimeZone" = 'UTC'
AS $$
#variable_conflict use_column
DECLARE
    checked_pair text;
    checked_month CONSTANT date := bqx.check_month(month);
    checked_families text[] := '{}';
    stored text[] := '{}';
    one text;
    name text;
    same_source text[];
    source bqx.source;
    wrong_bars record;
    progress record;
BEGIN
    IF (cardinality(families) > 0) IS NOT TRUE THEN
        RAISE EXCEPTION 'no families are given' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF coalesce(sample, -1) < 0 OR every_row IS NULL OR lowest_index IS NULL OR highest_index IS NULL THEN
        RAISE EXCEPTION 'sample is %, every_row %, lowest_index %, highest_index %: must be a count from 0 on and no NULL',
            sample, every_row, lowest_index, highest_index
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOREACH one IN ARRAY families LOOP
        one := bqx.check_family(one);
        checked_pair := bqx.check_partition_pair(one, pair);
        checked_families := checked_families || one;
    END LOOP;
    -- Until the end nobody puts another table in place. Waiting for one table while holding another could deadlock.
    FOREACH one IN ARRAY checked_families LOOP
        name := bqx.partition_name(one, checked_pair, checked_month);
        IF to_regclass(format('bqx.%I', name)) IS NOT NULL THEN
            EXECUTE format('LOCK TABLE bqx.%I IN ACCESS SHARE MODE %s', name,
                CASE WHEN cardinality(checked_families) > 1 THEN 'NOWAIT' END);
            stored := stored || one;
        END IF;
    END LOOP;

    FOR same_source IN SELECT s.families FROM bqx.families_by_source(checked_families) s LOOP
        -- Read before the progress: bars that change later then show as stale.
        IF same_source && stored THEN
            source := bqx.read_source(same_source[1], checked_pair, checked_month);
            wrong_bars := bqx.verify_bars(checked_pair, source);
        END IF;
        FOR progress IN
            SELECT f.family, p.state, p.reason
            FROM unnest(same_source) WITH ORDINALITY f (family, no)
            LEFT JOIN bqx.progress p ON p.family = f.family AND p.pair = checked_pair AND p.month = checked_month
            ORDER BY f.no
        LOOP
            name := bqx.partition_name(progress.family, checked_pair, checked_month);
            IF progress.state IS DISTINCT FROM 'done' THEN
                RETURN QUERY SELECT progress.family, 'difference', 'state', NULL::timestamptz, NULL,
                    concat_ws(': ', coalesce(progress.state, 'no bars'), progress.reason), 'done';
            END IF;
            IF progress.family = ANY (stored) THEN
                RETURN QUERY SELECT progress.family, v.*
                FROM bqx.verify_partition(progress.family, checked_pair, checked_month, progress.state, source,
                    wrong_bars.bars, wrong_bars.first_time, sample, every_row, lowest_index, highest_index) v;
            ELSIF to_regclass(format('bqx.%I', name)) IS NOT NULL THEN
                RAISE EXCEPTION 'bqx.% was computed while it was verified', name
                    USING ERRCODE = 'serialization_failure', HINT = 'Verify it again.';
            ELSIF progress.state = 'done' THEN
                RETURN QUERY SELECT progress.family, 'difference', 'rows', NULL::timestamptz, NULL,
                    'no table bqx.' || name, 'a table';
            END IF;
        END LOOP;
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.verify_families TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.verify_families IS
    'bqx.verify of several families of a pair''s month, in less time where bqx.families_by_source finds that they'
    ' have the same source, which is read once. Of several no table is waited for: where one is locked it fails with'
    ' lock_not_available, 55P03.';
