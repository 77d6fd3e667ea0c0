SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.call_nodes(routine text, arguments jsonb DEFAULT '{}', pair text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM bqx.call_node(n.node, routine, arguments, pair) FROM bqx.node n ORDER BY n.node;
END
$$;
COMMENT ON FUNCTION bqx.call_nodes IS 'Calls a routine of bqx.called''s list on every node, in this transaction.';
