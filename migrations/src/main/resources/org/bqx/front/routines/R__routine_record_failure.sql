SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.record_failure(family text, pair text, month date, sqlstate text, message text)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    checked_family CONSTANT text := bqx.check_family(family);
    checked_pair CONSTANT text := bqx.check_partition_pair(checked_family, pair);
    checked_month CONSTANT date := bqx.check_month(month);
    home CONSTANT text := (SELECT p.node FROM bqx.pair_node p WHERE p.pair = checked_pair);
BEGIN
    -- Of a node that did not answer nobody waits for an answer again. The market may be on none.
    IF home IS NULL OR record_failure.sqlstate LIKE '08%' THEN
        PERFORM bqx.note_failure(checked_family, checked_pair, checked_month, record_failure.sqlstate, message);
        RETURN;
    END IF;
    BEGIN
        PERFORM bqx.call_node(home, 'record_failure',
            jsonb_build_object('family', checked_family, 'month', checked_month, 'sqlstate', record_failure.sqlstate,
                'message', message), checked_pair);
    EXCEPTION
        WHEN connection_exception OR admin_shutdown OR crash_shutdown OR cannot_connect_now OR too_many_connections
            OR invalid_authorization_specification THEN
            PERFORM bqx.note_failure(checked_family, checked_pair, checked_month, record_failure.sqlstate, message);
    END;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.record_failure TO bqx_runner;
COMMENT ON FUNCTION bqx.record_failure IS
    'Records on its node that a partition could not be computed, after the transaction that tried has rolled back; where that'
    ' node does not answer, or there is none, in bqx.unrecorded_failure.';
