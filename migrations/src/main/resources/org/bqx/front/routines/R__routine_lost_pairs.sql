SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: the helpers are nobody's.
CREATE OR REPLACE FUNCTION bqx.lost_pairs() RETURNS TABLE (pair text, node text, reason text)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    one record;
BEGIN
    FOR one IN SELECT DISTINCT p.node FROM bqx.pair_node p ORDER BY p.node LOOP
        BEGIN
            -- It has no rows.
            EXECUTE format('SELECT FROM bqx.%I', 'call_on_' || one.node);
        EXCEPTION
            WHEN connection_exception OR admin_shutdown OR crash_shutdown OR cannot_connect_now OR too_many_connections
                OR invalid_authorization_specification THEN
                RETURN QUERY SELECT p.pair, p.node, SQLERRM::text FROM bqx.pair_node p WHERE p.node = one.node ORDER BY p.pair;
        END;
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.lost_pairs TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.lost_pairs IS 'The pairs of nodes that do not answer, and why not; no rows when all do.';
