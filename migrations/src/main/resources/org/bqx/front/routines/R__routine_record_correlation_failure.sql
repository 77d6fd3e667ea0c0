SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.record_correlation_failure(target text, pair text, month date, sqlstate text, message text)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
    checked_month CONSTANT date := bqx.check_month(month);
    home CONSTANT text := bqx.node_of(checked_pair);
BEGIN
    -- Of a node that did not answer nobody waits for an answer again.
    IF record_correlation_failure.sqlstate LIKE '08%' THEN
        PERFORM bqx.note_failure(lower(target), checked_pair, checked_month, record_correlation_failure.sqlstate, message);
        RETURN;
    END IF;
    BEGIN
        PERFORM bqx.call_node(home, 'record_correlation_failure',
            jsonb_build_object('target', target, 'month', checked_month,
                'sqlstate', record_correlation_failure.sqlstate, 'message', message), checked_pair);
    EXCEPTION
        WHEN connection_exception OR admin_shutdown OR crash_shutdown OR cannot_connect_now OR too_many_connections
            OR invalid_authorization_specification THEN
            PERFORM bqx.note_failure(lower(target), checked_pair, checked_month, record_correlation_failure.sqlstate, message);
    END;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.record_correlation_failure TO bqx_runner;
COMMENT ON FUNCTION bqx.record_correlation_failure IS
    'Records on its node that a pair''s month could not be correlated with a target; where that'
    ' node does not answer, in bqx.unrecorded_failure.';
