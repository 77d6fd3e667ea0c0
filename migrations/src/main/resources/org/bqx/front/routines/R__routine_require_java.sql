SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.require_java() RETURNS void
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS ''; -- its nodes have it
GRANT EXECUTE ON FUNCTION bqx.require_java TO bqx_runner;
COMMENT ON FUNCTION bqx.require_java IS 'Does nothing on a front: bqx.add_node takes no node without Java.';
