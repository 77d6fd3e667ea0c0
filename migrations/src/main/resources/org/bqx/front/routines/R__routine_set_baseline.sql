SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.set_baseline(pair text, baseline_date date DEFAULT bqx.default_baseline_date())
RETURNS double precision
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
    home CONSTANT text := bqx.node_of(checked_pair);
BEGIN
    -- Before the first word to the node, whose snapshot is then later than the bars, or the baseline, of who had it.
    PERFORM pg_advisory_xact_lock(bqx.baseline_lock(NULL));
    PERFORM pg_advisory_xact_lock(bqx.baseline_lock(checked_pair));
    RETURN bqx.call_node(home, 'set_baseline', jsonb_build_object('baseline_date', baseline_date), checked_pair)::double precision;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.set_baseline TO bqx_runner;
COMMENT ON FUNCTION bqx.set_baseline IS
    'Makes the close of the pair''s first bar at or after the date its baseline, and recomputes rate_index, on the'
    ' pair''s node. Waits for who writes bars of the pair through the front.';
