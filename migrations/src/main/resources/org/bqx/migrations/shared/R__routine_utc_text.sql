SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.utc_text(instant timestamptz) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"');
END;
GRANT EXECUTE ON FUNCTION bqx.utc_text TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.utc_text IS 'An instant as messages show it, whatever the session''s TimeZone and DateStyle.';
