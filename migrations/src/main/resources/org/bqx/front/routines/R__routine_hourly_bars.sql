SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.hourly_bars(pairs text[], from_month date, to_month date)
RETURNS TABLE (pair text, "time" timestamptz, close double precision)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    one text;
BEGIN
    -- Each pair's are one query of its node; an hour at a time would be as many round trips.
    FOR one IN SELECT p.pair FROM bqx.pair_node p WHERE p.pair = ANY (pairs) AND p.pair <> 'market' ORDER BY p.pair LOOP
        RETURN QUERY EXECUTE format($query$
            SELECT %L::text, m.time, m.close FROM bqx.%I m
            WHERE m.time >= $1 AND m.time < $2
                AND date_bin(INTERVAL '1 hour', m.time, TIMESTAMPTZ '2000-01-01 00:00:00+00') = m.time
            $query$, one, 'm1_' || one)
        USING bqx.month_start(from_month), bqx.month_end(to_month);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.hourly_bars TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.hourly_bars IS 'The bars of pairs at the full hours, from one month to another, both included.';
