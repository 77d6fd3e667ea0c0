SET LOCAL ROLE bqx_owner;

-- Dropped first: what the releases before read and aligned the bars with.
DROP FUNCTION IF EXISTS bqx.read_related(text, timestamptz[], int);
DROP FUNCTION IF EXISTS bqx.read_related(text, timestamptz, timestamptz);
DROP FUNCTION IF EXISTS bqx.align_related;
DROP TYPE IF EXISTS bqx.series;

CREATE OR REPLACE FUNCTION bqx.read_related(
    pair text, first_time timestamptz, last_time timestamptz, max_age int,
    INOUT minutes double precision[], OUT columns double precision[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
-- Java sees to the order of a series' bars: a month of them is read faster as it lies than by index.
SET enable_seqscan = on
-- But the series come one after the other.
SET max_parallel_workers_per_gather = 0
SET enable_async_append = off
AS $$
#variable_conflict use_variable
DECLARE
    -- What the market's families take of a pair is its index alone, and of 28 pairs.
    of_market CONSTANT boolean := pair = 'market';
    bars text;
    directions int[];
BEGIN
    -- Ranges of time have a function that takes the difference of two times in a fifth of what date_part takes.
    SELECT string_agg(
            'SELECT float8 ''NaN'' AS minute, float8 ''NaN'' AS x, float8 ''NaN'' AS close'
            -- Of a slot without a pair there is the NaN alone.
            || CASE WHEN r.related IS NULL THEN '' ELSE format(
                ' UNION ALL SELECT tstzrange_subdiff(time, ''1970-01-01 00:00Z'') / 60, coalesce(rate_index, ''NaN''),'
                ' coalesce(close, ''NaN'') FROM bqx.%I WHERE time >= $1 AND time <= $2%s',
                CASE WHEN e.pair IS NULL THEN 'm1_' || r.related ELSE 'related_bar' END,
                CASE WHEN e.pair IS NOT NULL THEN format(' AND pair = %L', r.related) END) END,
            ' UNION ALL ' ORDER BY r.slot),
        array_agg(coalesce(r.direction, 1) ORDER BY r.slot)
    INTO bars, directions
    FROM bqx.related_pairs(pair) r
    LEFT JOIN bqx.pair_elsewhere e ON e.pair = r.related;
    columns := '{}';
    IF bars IS NOT NULL THEN
        -- One statement, so that nothing is copied on the way to Java.
        EXECUTE format($query$
            SELECT m.minutes, CASE WHEN cardinality(m.minutes) > 0 THEN
                bqx.as_of(m.minutes, b.minutes, b.columns, $3, $4, $5) ELSE '{}' END
            FROM (SELECT array_agg(minute) AS minutes, array_agg(x)%s AS columns FROM (%s) bars) b
            CROSS JOIN LATERAL (SELECT %s AS minutes OFFSET 0) m
            $query$,
            CASE WHEN NOT of_market THEN ' || array_agg(close)' END,
            bars,
            CASE WHEN of_market THEN 'bqx.merge_times(b.minutes, $6)' ELSE '$7' END)
        INTO STRICT minutes, columns
        USING first_time, last_time, directions, max_age, NOT of_market,
            date_part('epoch', first_time) / 60 + max_age, minutes;
    END IF;
END
$$;
COMMENT ON FUNCTION bqx.read_related IS
    'The columns of a family''s input ''related'', of the pairs of bqx.related_pairs by slot: as of the given minutes'
    ' since 1970, UTC, their rate_index (times the direction) and, but of the market, their close and how many minutes'
    ' old they are. NaN where a pair has no bar with good prices that is at most max_age minutes old. Bars are read'
    ' from first_time to last_time. Of the market minutes is given as NULL; it is the minutes at which a pair has a bar,'
    ' a good one or not, from max_age minutes after first_time on.';
