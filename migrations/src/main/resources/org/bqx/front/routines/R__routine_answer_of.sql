SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: the helpers are nobody's.
CREATE OR REPLACE FUNCTION bqx.answer_of(node text, kind text) RETURNS jsonb
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found jsonb;
BEGIN
    EXECUTE format('SELECT jsonb_agg(t) FROM bqx.%I t', kind || '_on_' || node) INTO found;
    RETURN found;
EXCEPTION
    WHEN connection_exception OR admin_shutdown OR crash_shutdown OR cannot_connect_now OR too_many_connections
        OR invalid_authorization_specification THEN
        RETURN NULL; -- bqx.node_state says why
    WHEN lock_not_available THEN
        RETURN NULL; -- somebody locks what it would look at
END
$$;
GRANT EXECUTE ON FUNCTION bqx.answer_of TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.answer_of IS
    'The rows of one of the views that a node has for a front, own_session or own_size; NULL where there are none, or it'
    ' does not answer, not within the two seconds that it waits for a lock either.';
