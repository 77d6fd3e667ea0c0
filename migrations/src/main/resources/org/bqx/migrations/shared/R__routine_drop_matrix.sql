SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes has no other way.
CREATE OR REPLACE FUNCTION bqx.drop_matrix(name text) RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    checked_name CONSTANT text := bqx.check_matrix(name);
BEGIN
    DELETE FROM bqx.matrix x WHERE x.name = checked_name;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.drop_matrix TO bqx_runner;
COMMENT ON FUNCTION bqx.drop_matrix IS 'Drops a matrix: its definition, for it has no rows of its own.';
