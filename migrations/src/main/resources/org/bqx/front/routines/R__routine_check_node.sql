SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.check_node(node text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM bqx.node n WHERE n.node = check_node.node) THEN
        RAISE EXCEPTION 'unknown node "%"', check_node.node
            USING ERRCODE = 'invalid_parameter_value', HINT = 'SELECT node FROM bqx.node lists them.';
    END IF;
    RETURN check_node.node;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.check_node TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.check_node IS 'Refuses a node that bqx.node lacks; returns it.';
