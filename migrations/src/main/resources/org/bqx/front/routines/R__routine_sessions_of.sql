SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: the helpers are nobody's.
CREATE OR REPLACE FUNCTION bqx.sessions_of(node text)
RETURNS TABLE (pid int, application_name text, state text, wait text, seconds double precision)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT * FROM bqx.%I', 'session_on_' || node);
EXCEPTION
    WHEN connection_exception OR admin_shutdown OR crash_shutdown OR cannot_connect_now OR too_many_connections
        OR invalid_authorization_specification THEN
        RETURN; -- bqx.node_state says why
END
$$;
GRANT EXECUTE ON FUNCTION bqx.sessions_of TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.sessions_of IS 'Who is connected to a node''s database; no rows where it does not answer.';
