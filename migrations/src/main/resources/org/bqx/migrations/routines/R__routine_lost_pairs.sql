SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.lost_pairs() RETURNS TABLE (pair text, node text, reason text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT NULL::text, NULL::text, NULL::text WHERE false; -- what can be asked answers
END;
GRANT EXECUTE ON FUNCTION bqx.lost_pairs TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.lost_pairs IS
    'Of a front, the pairs of nodes that do not answer, and why not. No rows where a server has its bars itself.';
