SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.drop_node(node text) RETURNS void
LANGUAGE plpgsql
SET role = bqx_owner
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    PERFORM bqx.check_node(node);
    IF EXISTS (SELECT FROM bqx.pair_node p WHERE p.node = drop_node.node) THEN
        RAISE EXCEPTION 'node % has pairs: %', node,
            (SELECT string_agg(p.pair, ' ' ORDER BY p.pair) FROM bqx.pair_node p WHERE p.node = drop_node.node)
            USING ERRCODE = 'object_in_use', HINT = './bqx node move PAIR NODE takes each of them elsewhere.';
    END IF;
    EXECUTE format('DROP SERVER %I CASCADE', 'bqx_' || node);
    DELETE FROM bqx.node n WHERE n.node = drop_node.node;
END
$$;
COMMENT ON FUNCTION bqx.drop_node IS
    'Forgets a node on which no pair lives; the database itself is left alone. For the owner of the schema and'
    ' superusers alone.';
