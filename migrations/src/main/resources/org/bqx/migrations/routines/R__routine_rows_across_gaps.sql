SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.rows_across_gaps(family text, pairs text[] DEFAULT NULL)
RETURNS TABLE (pair text, from_time timestamptz, to_time timestamptz, minutes int, window_length int,
    first_row timestamptz, last_row timestamptz, rows bigint)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    checked_family CONSTANT text := bqx.check_family(family);
    one record;
BEGIN
    PERFORM bqx.check_pair(p) FROM unnest(pairs) p;
    FOR one IN
        SELECT g.pair, g.from_time, g.to_time, g.minutes, c.window_length, max(c.needs) AS needs
        FROM bqx.gap g
        CROSS JOIN bqx.feature_column c
        WHERE c.family = checked_family AND c.needs > 0
            AND (rows_across_gaps.pairs IS NULL OR g.pair IN (SELECT lower(unnest(rows_across_gaps.pairs))))
        GROUP BY g.pair, g.from_time, g.to_time, g.minutes, c.window_length
        ORDER BY 1, 2, 5
    LOOP
        RETURN QUERY EXECUTE format($query$
            SELECT $1, $2, $3, $4, $5, min(b.time), max(b.time), count(*)
            FROM (SELECT time FROM bqx.%I WHERE time >= $3 ORDER BY time LIMIT $6) b
            $query$, 'm1_' || one.pair)
        USING one.pair, one.from_time, one.to_time, one.minutes, one.window_length, one.needs;
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.rows_across_gaps TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.rows_across_gaps IS
    'Rows of a family whose window reaches across a gap in the bars: for each gap and window, from the first row to'
    ' the last. Windows count bars, so the values are right; what they span in time is more than W minutes.';
