SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.check_matrix(name text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM bqx.matrix x WHERE x.name = lower(check_matrix.name)) THEN
        RAISE EXCEPTION 'unknown matrix "%"', name
            USING ERRCODE = 'invalid_parameter_value', HINT = 'SELECT name FROM bqx.matrix lists them.';
    END IF;
    RETURN lower(name);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.check_matrix TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.check_matrix IS 'Refuses a matrix that bqx.matrix lacks; returns its name as that table writes it.';
