SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.measure_bars(pairs text[] DEFAULT NULL) RETURNS int
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    one record;
    measured int := 0;
BEGIN
    PERFORM bqx.check_pair(p) FROM unnest(pairs) p;
    FOR one IN
        SELECT p.node, array_agg(p.pair ORDER BY p.pair) AS pairs, min(l.reason) AS reason
        FROM bqx.pair_node p
        LEFT JOIN bqx.lost_pairs() l ON l.pair = p.pair
        WHERE p.pair <> 'market' AND (measure_bars.pairs IS NULL OR p.pair IN (SELECT lower(unnest(measure_bars.pairs))))
        GROUP BY p.node
        ORDER BY p.node
    LOOP
        IF one.reason IS NOT NULL THEN
            RAISE WARNING 'not looked at: % (node %: %)', array_to_string(one.pairs, ' '), one.node, one.reason;
            CONTINUE;
        END IF;
        measured := measured + bqx.call_node(one.node, 'measure_bars', jsonb_build_object('pairs', to_jsonb(one.pairs)))::int;
    END LOOP;
    RETURN measured;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.measure_bars TO bqx_runner;
COMMENT ON FUNCTION bqx.measure_bars IS
    'Looks for minutes without a bar while the market was open, on the pairs'' nodes; NULL pairs means all. Warns of'
    ' pairs whose node does not answer. Returns the number of months that were looked at.';
