SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.call_node(node text, routine text, arguments jsonb DEFAULT '{}', pair text DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    result jsonb;
BEGIN
    EXECUTE format('INSERT INTO bqx.%I (pair, routine, arguments) VALUES ($1, $2, $3) RETURNING result', 'call_on_' || node)
    INTO result
    USING pair, routine, arguments || jsonb_build_object('lock_timeout', current_setting('lock_timeout'));
    RETURN result;
END
$$;
COMMENT ON FUNCTION bqx.call_node IS
    'Calls a routine of bqx.called''s list on a node, in this transaction, and returns what it returns.';
