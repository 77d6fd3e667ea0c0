SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.month_end(month date) RETURNS timestamptz
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT (month::timestamp + INTERVAL '1 month') AT TIME ZONE 'UTC';
END;
GRANT EXECUTE ON FUNCTION bqx.month_end TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.month_end IS 'The first instant after a month, whatever the session''s TimeZone.';
