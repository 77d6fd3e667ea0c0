SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.month_start(month date) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT month::timestamp AT TIME ZONE 'UTC';
END;
GRANT EXECUTE ON FUNCTION bqx.month_start TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.month_start IS 'A month''s first instant, whatever the session''s TimeZone.';
