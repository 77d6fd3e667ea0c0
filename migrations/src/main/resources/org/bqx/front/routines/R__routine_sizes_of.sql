SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: the helpers are nobody's.
CREATE OR REPLACE FUNCTION bqx.sizes_of(node text) RETURNS TABLE (family text, pair text, bytes bigint)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT * FROM bqx.%I', 'size_on_' || node);
EXCEPTION
    WHEN connection_exception OR admin_shutdown OR crash_shutdown OR cannot_connect_now OR too_many_connections
        OR invalid_authorization_specification THEN
        RETURN; -- bqx.node_state says why
END
$$;
GRANT EXECUTE ON FUNCTION bqx.sizes_of TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.sizes_of IS 'Bytes on a node by family and pair; no rows where it does not answer.';
