SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.require_java() RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regproc('bqx.feature_rows') IS NULL THEN
        RAISE EXCEPTION 'this server has no Java: partitions of this database are computed by ./bqx backfill'
            USING ERRCODE = 'feature_not_supported',
                HINT = 'Run ./bqx backfill with this server''s connection options, as a member of bqx_runner.';
    END IF;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.require_java TO bqx_runner;
COMMENT ON FUNCTION bqx.require_java IS 'Refuses where no Java runs in the server, and says what computes instead.';
