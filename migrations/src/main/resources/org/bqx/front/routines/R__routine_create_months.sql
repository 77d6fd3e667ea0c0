SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who writes bars need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.create_months(pair text, from_month date, to_month date) RETURNS int
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
    home CONSTANT text := bqx.node_of(checked_pair);
    first_month CONSTANT date := bqx.check_month(from_month);
    last_month CONSTANT date := bqx.check_month(to_month);
BEGIN
    PERFORM pg_advisory_xact_lock_shared(bqx.baseline_lock(checked_pair));
    -- For who listens here: the triggers tell those who listen there.
    PERFORM pg_notify('bqx_bars', checked_pair || ' ' || to_char(m, 'YYYY-MM'))
    FROM generate_series(first_month::timestamp, last_month::timestamp, INTERVAL '1 month') m;
    RETURN bqx.call_node(home, 'create_months',
        jsonb_build_object('from_month', first_month, 'to_month', last_month), checked_pair)::int;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.create_months TO bqx_runner;
COMMENT ON FUNCTION bqx.create_months IS
    'Makes the month partitions of a pair''s bars that are missing, both ends included, on the pair''s node. Until the'
    ' transaction ends no baseline of the pair changes through the front.';
