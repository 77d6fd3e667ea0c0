SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.exact_time(instant timestamptz) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN isfinite(instant) THEN to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US"Z"')
        ELSE instant::text END;
$$;
GRANT EXECUTE ON FUNCTION bqx.exact_time TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.exact_time IS
    'An instant as text that reads back to the same instant, whatever the session''s TimeZone and DateStyle.';
