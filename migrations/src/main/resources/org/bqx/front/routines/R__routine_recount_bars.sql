SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.recount_bars(pair text DEFAULT NULL)
RETURNS TABLE (counted_pair text, counted_month date, bars_before bigint, bars_now bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    checked_pair CONSTANT text := CASE WHEN recount_bars.pair IS NOT NULL THEN bqx.check_pair(recount_bars.pair) END;
    home CONSTANT text := CASE WHEN checked_pair IS NOT NULL THEN bqx.node_of(checked_pair) END;
BEGIN
    RETURN QUERY
    SELECT r.*
    FROM bqx.pair_node p
    CROSS JOIN LATERAL jsonb_to_recordset(bqx.call_node(p.node, 'recount_bars', '{}', p.pair))
        r (counted_pair text, counted_month date, bars_before bigint, bars_now bigint)
    WHERE p.pair = coalesce(checked_pair, p.pair) AND p.pair <> 'market'
    ORDER BY r.counted_pair, r.counted_month;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.recount_bars TO bqx_runner;
COMMENT ON FUNCTION bqx.recount_bars IS
    'Counts the bars of a pair anew, of all pairs when it is NULL, on their nodes. Returns the months whose count was'
    ' wrong.';
