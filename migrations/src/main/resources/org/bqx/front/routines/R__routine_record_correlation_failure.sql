SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.record_correlation_failure(
    target text, pair text, month date, sqlstate text, message text)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
BEGIN
    PERFORM bqx.call_node(bqx.node_of(checked_pair), 'record_correlation_failure',
        jsonb_build_object('target', target, 'month', bqx.check_month(month),
            'sqlstate', record_correlation_failure.sqlstate, 'message', message), checked_pair);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.record_correlation_failure TO bqx_runner;
COMMENT ON FUNCTION bqx.record_correlation_failure IS
    'Records on its node that a pair''s month could not be correlated with a target.';
