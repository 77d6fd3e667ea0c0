SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.correlate(target text, pair text, month date, force boolean DEFAULT false)
RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
    checked_month CONSTANT date := bqx.check_month(month);
    home CONSTANT text := bqx.node_of(checked_pair);
    key CONSTANT bigint := bqx.correlation_lock(lower(target), checked_pair, checked_month);
    rows_written bigint;
BEGIN
    PERFORM bqx.take_lock(key, format('correlation %s %s %s', lower(target), checked_pair, to_char(checked_month, 'YYYY-MM')))
    WHERE key IS NOT NULL;
    rows_written := bqx.call_node(home, 'correlate',
        jsonb_build_object('target', target, 'month', checked_month, 'force', coalesce(force, false)), checked_pair)::bigint;
    DELETE FROM bqx.unrecorded_failure f
    WHERE f.family = lower(target) AND f.pair = checked_pair AND f.month = checked_month;
    RETURN rows_written;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.correlate TO bqx_runner;
COMMENT ON FUNCTION bqx.correlate IS
    'Correlates the features of a pair''s month with a target, on the pair''s node. Returns the rows written.';
