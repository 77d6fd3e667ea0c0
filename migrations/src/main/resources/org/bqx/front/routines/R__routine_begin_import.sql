SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who writes bars need not know the helpers.
CREATE OR REPLACE FUNCTION bqx.begin_import(pair text) RETURNS text
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
    home CONSTANT text := bqx.node_of(checked_pair);
BEGIN
    PERFORM pg_advisory_xact_lock_shared(bqx.baseline_lock(checked_pair));
    RETURN home;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.begin_import TO bqx_runner;
COMMENT ON FUNCTION bqx.begin_import IS
    'Returns the node of a pair, for who brings bars straight there, and keeps bqx.set_baseline of the pair from'
    ' running through the front until the transaction ends.';
