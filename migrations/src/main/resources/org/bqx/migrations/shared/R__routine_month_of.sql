SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.month_of(instant timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT date_trunc('month', instant AT TIME ZONE 'UTC')::date;
END;
GRANT EXECUTE ON FUNCTION bqx.month_of TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.month_of IS 'The month that an instant lies in, as its first day.';
