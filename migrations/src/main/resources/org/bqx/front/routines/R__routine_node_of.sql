SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.node_of(pair text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found CONSTANT text := (SELECT p.node FROM bqx.pair_node p WHERE p.pair = lower(node_of.pair));
BEGIN
    IF found IS NULL THEN
        PERFORM bqx.check_pair(pair) WHERE lower(pair) <> 'market';
        RAISE EXCEPTION 'pair % is on no node', lower(pair)
            USING ERRCODE = 'QX008', HINT = format('./bqx node place NODE %s', lower(pair));
    END IF;
    RETURN found;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.node_of TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.node_of IS 'The node that a pair lives on.';
