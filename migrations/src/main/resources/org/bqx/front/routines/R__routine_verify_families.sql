SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who reads may verify, and need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.verify_families(
    families text[], pair text, month date, sample int DEFAULT 200, every_row boolean DEFAULT false,
    lowest_index double precision DEFAULT 50, highest_index double precision DEFAULT 200)
RETURNS TABLE (
    family text, kind text, check_name text, ts_utc timestamptz, column_name text, found text, expected text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    checked_pair CONSTANT text := (
        SELECT max(bqx.check_partition_pair(bqx.check_family(f), verify_families.pair)) FROM unnest(families) f);
    checked_month CONSTANT date := bqx.check_month(month);
    related text;
BEGIN
    IF checked_pair IS NULL THEN
        RAISE EXCEPTION 'no families are given' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN QUERY
    SELECT v.* FROM jsonb_to_recordset(bqx.call_node(bqx.node_of(checked_pair), 'verify_families',
        jsonb_build_object('families', families, 'month', checked_month, 'sample', sample,
            'every_row', every_row, 'lowest_index', lowest_index, 'highest_index', highest_index), checked_pair))
        v (family text, kind text, check_name text, ts_utc timestamptz, column_name text, found text, expected text);
    -- Of copied bars the node does not know whether they are as they were.
    FOR related IN
        SELECT f.family FROM bqx.family f
        WHERE f.family IN (SELECT lower(unnest(families))) AND f.related_max_age IS NOT NULL
    LOOP
        RETURN QUERY
        SELECT related, 'difference', 'state', NULL::timestamptz, NULL, concat_ws(': ', p.state, p.reason), 'done'
        FROM bqx.progress p
        WHERE p.family = related AND p.pair = checked_pair AND p.month = checked_month
            AND p.state = 'stale' AND p.reason = 'bars of another node changed';
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.verify_families TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.verify_families IS
    'bqx.verify of several families of a pair''s month, by one call of its node. Of several no table is waited for:'
    ' where one is locked it fails with lock_not_available, 55P03.';
