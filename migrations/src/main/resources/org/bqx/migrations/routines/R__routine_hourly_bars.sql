SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.hourly_bars(pairs text[], from_month date, to_month date)
RETURNS TABLE (pair text, "time" timestamptz, close double precision)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT asked.pair, bar.time, bar.close
    FROM generate_series(bqx.month_start(from_month), bqx.month_end(to_month) - INTERVAL '1 hour', INTERVAL '1 hour') hour
    CROSS JOIN unnest(pairs) asked (pair)
    CROSS JOIN LATERAL (
        SELECT m.time, m.close FROM bqx.m1 m WHERE m.pair = asked.pair AND m.time = hour
        OFFSET 0 -- by the key of the one partition, for the planner would read all bars
    ) bar;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.hourly_bars TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.hourly_bars IS 'The bars of pairs at the full hours, from one month to another, both included.';
