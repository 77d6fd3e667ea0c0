SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.release_pair(pair text) RETURNS void
LANGUAGE plpgsql
SET role = bqx_owner
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM bqx.call_node(n.node, 'release_pair', '{}', pair) FROM bqx.node n
    WHERE n.node <> bqx.node_of(pair)
    ORDER BY n.node;
END
$$;
COMMENT ON FUNCTION bqx.release_pair IS
    'The last step of bqx.move_pair: drops what other nodes than its own have of a pair. For the owner of the schema and'
    ' superusers alone.';
