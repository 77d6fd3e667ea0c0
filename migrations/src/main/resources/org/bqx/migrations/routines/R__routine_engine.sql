SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.engine() RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regproc('bqx.feature_rows') IS NULL THEN
        RETURN 'client';
    END IF;
    RETURN coalesce((SELECT s.value FROM bqx.setting s WHERE s.name = 'engine'), 'server');
END
$$;
GRANT EXECUTE ON FUNCTION bqx.engine TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.engine IS
    'Where this database computes: ''server'', by Java in the backend, or ''client'', by ./bqx.';
