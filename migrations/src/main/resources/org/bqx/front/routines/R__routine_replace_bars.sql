SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who writes bars need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.replace_bars(pair text, bars jsonb) RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
    home CONSTANT text := bqx.node_of(checked_pair);
BEGIN
    PERFORM pg_advisory_xact_lock_shared(bqx.baseline_lock(checked_pair));
    RETURN bqx.call_node(home, 'replace_bars', jsonb_build_object('bars', bars), checked_pair)::bigint;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.replace_bars TO bqx_runner;
COMMENT ON FUNCTION bqx.replace_bars IS
    'Gives bars that are there the values of an array of objects of time, open, high, low, close, volume, and'
    ' bid_close and ask_close where they are known. Returns how many bars had others. Bars that are not there are not'
    ' added.';
