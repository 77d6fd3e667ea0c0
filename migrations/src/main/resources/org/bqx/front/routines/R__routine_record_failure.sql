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
BEGIN
    PERFORM bqx.call_node(bqx.node_of(checked_pair), 'record_failure',
        jsonb_build_object('family', checked_family, 'month', bqx.check_month(month), 'sqlstate', record_failure.sqlstate,
            'message', message), checked_pair);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.record_failure TO bqx_runner;
COMMENT ON FUNCTION bqx.record_failure IS
    'Records on its node that a partition could not be computed, after the transaction that tried has rolled back.';
