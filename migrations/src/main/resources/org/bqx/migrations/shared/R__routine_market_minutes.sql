SET LOCAL ROLE bqx_owner;

-- New York's clock changes while the market is closed.
CREATE OR REPLACE FUNCTION bqx.market_minutes(instant timestamptz) RETURNS bigint
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT week * 7200 + least(minute - week * 10080, 7200)
    FROM (
        SELECT minute, floor(minute / 10080.0)::bigint AS week
        FROM (
            SELECT floor(extract(epoch FROM instant AT TIME ZONE 'America/New_York' - TIMESTAMP '2000-01-02 17:00') / 60)::bigint
                AS minute
        ) since
    ) weeks
$$;
GRANT EXECUTE ON FUNCTION bqx.market_minutes TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.market_minutes IS
    'Minutes since a Sunday of 2000 at which the market was open, up to an instant: it opens on Sunday at 17:00 New'
    ' York and closes on Friday at 17:00.';
