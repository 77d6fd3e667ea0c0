SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.engine() RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    chosen CONSTANT text := (SELECT s.value FROM bqx.setting s WHERE s.name = 'engine');
BEGIN
    -- A front's nodes have Java.
    IF chosen = 'nodes' THEN
        RETURN 'server';
    ELSIF to_regproc('bqx.feature_rows') IS NULL THEN
        RETURN 'client';
    END IF;
    RETURN coalesce(chosen, 'server');
END
$$;
GRANT EXECUTE ON FUNCTION bqx.engine TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.engine IS
    'Where this database computes: ''server'', by Java in the backend, or ''client'', by ./bqx.';
