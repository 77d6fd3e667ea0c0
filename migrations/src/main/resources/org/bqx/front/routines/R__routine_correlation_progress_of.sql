SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: the helpers are nobody's.
CREATE OR REPLACE FUNCTION bqx.correlation_progress_of(node text) RETURNS SETOF bqx.node_correlation_progress
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    found bqx.node_correlation_progress[];
BEGIN
    IF to_regclass(format('bqx.%I', 'node_correlation_progress_on_' || node)) IS NULL THEN
        RETURN;
    END IF;
    EXECUTE format('SELECT array_agg(p::bqx.node_correlation_progress) FROM bqx.%I p', 'node_correlation_progress_on_' || node) INTO found;
    RETURN QUERY SELECT * FROM unnest(found);
EXCEPTION
    WHEN connection_exception OR admin_shutdown OR crash_shutdown OR cannot_connect_now OR too_many_connections
        OR invalid_authorization_specification THEN
        RETURN QUERY
        SELECT c.target, m.pair, m.month, 'unreachable', format('node %s: %s', node, SQLERRM), m.bars, NULL::bigint, NULL::int,
            NULL::int, NULL::timestamptz, NULL::timestamptz, SQLSTATE::text, NULL::text, NULL::bigint, NULL::bigint
        FROM bqx.correlation c
        CROSS JOIN bqx.pair_month m
        JOIN bqx.pair_node p ON p.pair = m.pair AND p.node = correlation_progress_of.node
        WHERE m.bars > 0;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.correlation_progress_of TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.correlation_progress_of IS
    'bqx.correlation_progress of the pairs of a node; months in state unreachable where the node does not answer.';
