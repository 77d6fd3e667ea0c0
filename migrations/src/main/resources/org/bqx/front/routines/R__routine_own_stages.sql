SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.own_stages() RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT jsonb_agg(h.version ORDER BY h.version COLLATE "C") FROM bqx.flyway_schema_history h
        WHERE h.success AND h.version IS NOT NULL AND h.version <> '0');
END
$$;
COMMENT ON FUNCTION bqx.own_stages IS 'The schema stages that this database has.';
