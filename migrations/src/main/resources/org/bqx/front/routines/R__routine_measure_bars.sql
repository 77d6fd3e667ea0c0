SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.measure_bars(pairs text[] DEFAULT NULL) RETURNS int
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    PERFORM bqx.check_pair(p) FROM unnest(pairs) p;
    RETURN (
        SELECT coalesce(sum(bqx.call_node(n.node, 'measure_bars', jsonb_build_object('pairs', n.pairs))::int), 0)
        FROM (
            SELECT p.node, to_jsonb(array_agg(p.pair ORDER BY p.pair)) AS pairs FROM bqx.pair_node p
            WHERE p.pair <> 'market' AND (measure_bars.pairs IS NULL OR p.pair IN (SELECT lower(unnest(measure_bars.pairs))))
            GROUP BY p.node
        ) n);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.measure_bars TO bqx_runner;
COMMENT ON FUNCTION bqx.measure_bars IS
    'Looks for minutes without a bar while the market was open, on the pairs'' nodes; NULL pairs means all. Returns the'
    ' number of months that were looked at.';
