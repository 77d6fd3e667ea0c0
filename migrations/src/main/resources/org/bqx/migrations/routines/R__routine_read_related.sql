SET LOCAL ROLE bqx_owner;

-- Dropped first: the release before returned other columns.
DROP FUNCTION IF EXISTS bqx.read_related(text, timestamptz[], int);
CREATE OR REPLACE FUNCTION bqx.read_related(
    pair text, first_time timestamptz, last_time timestamptz, OUT series bqx.series[], OUT minutes double precision[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
    -- What the market's families take of a pair is its index alone, and of 28 pairs.
    of_market CONSTANT boolean := pair = 'market';
    good CONSTANT text := 'rate_index > 0 AND rate_index < ''Infinity'''
        || CASE WHEN of_market THEN '' ELSE ' AND close > 0 AND close < ''Infinity''' END;
    slot record;
    query text;
    one bqx.series;
    bad_bars bigint;
BEGIN
    series := '{}';
    minutes := '{}';
    FOR slot IN
        SELECT r.slot, r.related, r.direction, e.pair IS NOT NULL AS is_elsewhere
        FROM bqx.related_pairs(pair) r
        LEFT JOIN bqx.pair_elsewhere e ON e.pair = r.related
        ORDER BY r.slot
    LOOP
        one := ROW('{}', '{}');
        IF slot.related IS NOT NULL THEN
            -- Ranges of time have a function that takes the difference of two times in a fifth of what date_part takes.
            query := format($query$
                SELECT coalesce(array_agg(tstzrange_subdiff(time, '1970-01-01 00:00Z') / 60), '{}'),
                    coalesce(array_agg(%s)%s, '{}'), count(*) FILTER (WHERE (%s) IS NOT TRUE)
                FROM (SELECT * FROM bqx.%I WHERE time >= $1 AND time <= $2%s ORDER BY time) bars
                WHERE true$query$,
                CASE slot.direction WHEN 1 THEN 'rate_index' ELSE '-rate_index' END,
                CASE WHEN NOT of_market THEN ' || array_agg(close)' END, good,
                CASE WHEN slot.is_elsewhere THEN 'related_bar' ELSE 'm1_' || slot.related END,
                CASE WHEN slot.is_elsewhere THEN format(' AND pair = %L', slot.related) END);
            EXECUTE query INTO one.minutes, one.columns, bad_bars USING first_time, last_time;
            IF of_market THEN
                minutes := bqx.merge_times(minutes, one.minutes);
            END IF;
            IF bad_bars > 0 THEN
                EXECUTE query || ' AND ' || good INTO one.minutes, one.columns, bad_bars USING first_time, last_time;
            END IF;
        END IF;
        series[slot.slot] := one;
    END LOOP;
END
$$;
COMMENT ON FUNCTION bqx.read_related IS
    'The bars of the pairs of bqx.related_pairs, by slot, from first_time to last_time: their rate_index (times the'
    ' direction) and, but of the market, their close. A bar without good prices is left out. Of the market also'
    ' the minutes at which a pair has a bar, a good one or not.';
