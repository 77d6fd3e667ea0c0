SET LOCAL ROLE bqx_owner;

-- A test holds this and bqx.functions_version('target_corr') together.
CREATE OR REPLACE FUNCTION bqx.correlation_version() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT 'revision 1'::text;
END;
GRANT EXECUTE ON FUNCTION bqx.correlation_version TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.correlation_version IS
    'The revision of the Java that computes correlations in this release: what'
    ' bqx.functions_version(''target_corr'') says where the server runs it.';
