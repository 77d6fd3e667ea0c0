SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.verify_bars(pair text, source bqx.source, OUT bars bigint, OUT first_time timestamptz)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    IF pair = 'market' THEN
        RETURN; -- has no bars of its own
    END IF;
    EXECUTE format($query$
        SELECT count(*), min(m.time)
        FROM bqx.%I m
        WHERE m.time BETWEEN $1 AND $2
            AND (m.rate_index > 0 AND m.rate_index < 'Infinity' AND m.rate_index = m.close / $3 * 100) IS NOT TRUE
        $query$, 'm1_' || pair)
    INTO STRICT bars, first_time
    USING source.times[1], source.times[source.bars], source.baseline_rate;
END
$$;
COMMENT ON FUNCTION bqx.verify_bars IS
    'Counts the bars, among those that a partition is computed from, whose rate_index is not close / baseline * 100,'
    ' finite and positive, and names the first.';
