SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who reads may verify, and need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.verify(
    family text, pair text, month date, sample int DEFAULT 200, every_row boolean DEFAULT false,
    lowest_index double precision DEFAULT 50, highest_index double precision DEFAULT 200)
RETURNS TABLE (kind text, check_name text, ts_utc timestamptz, column_name text, found text, expected text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    checked_family CONSTANT text := bqx.check_family(family);
    checked_pair CONSTANT text := bqx.check_partition_pair(checked_family, pair);
BEGIN
    RETURN QUERY
    SELECT v.* FROM jsonb_to_recordset(bqx.call_node(bqx.node_of(checked_pair), 'verify',
        jsonb_build_object('family', checked_family, 'month', bqx.check_month(month), 'sample', sample,
            'every_row', every_row, 'lowest_index', lowest_index, 'highest_index', highest_index), checked_pair))
        v (kind text, check_name text, ts_utc timestamptz, column_name text, found text, expected text);
    -- Of copied bars the node does not know whether they are as they were.
    IF (SELECT f.related_max_age FROM bqx.family f WHERE f.family = checked_family) IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT 'difference', 'state', NULL::timestamptz, NULL, concat_ws(': ', p.state, p.reason), 'done'
    FROM bqx.progress p
    WHERE p.family = checked_family AND p.pair = checked_pair AND p.month = bqx.check_month(verify.month)
        AND p.state = 'stale' AND p.reason = 'bars of another node changed';
END
$$;
GRANT EXECUTE ON FUNCTION bqx.verify TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.verify IS
    'Checks one partition against its bars, on its node: facts, then warnings and differences, none when all is well.'
    ' It is a call of the node, and so not for a transaction that is READ ONLY.';
