SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.read_related(pair text, times timestamptz[], max_age int) RETURNS double precision[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
    bars CONSTANT int := cardinality(times);
    minutes CONSTANT double precision[] := ARRAY(
        SELECT date_part('epoch', time) / 60 FROM unnest(times) WITH ORDINALITY t (time, no) ORDER BY no);
    -- What the market's families take of a pair is its index alone: it is of 28 pairs.
    takes_all CONSTANT boolean := pair <> 'market';
    slot record;
    other_minutes double precision[];
    other_values double precision[];
    columns double precision[] := '{}';
BEGIN
    FOR slot IN SELECT r.related, r.direction FROM bqx.related_pairs(pair) r ORDER BY r.slot LOOP
        IF slot.related IS NOT NULL THEN
            EXECUTE format($query$
                SELECT coalesce(array_agg(date_part('epoch', time) / 60), '{}'),
                    coalesce(array_agg(rate_index * $3)%s, '{}')
                FROM (
                    SELECT time, rate_index, close FROM bqx.%I
                    WHERE pair = $4 AND time >= $1 AND time <= $2
                        AND rate_index > 0 AND rate_index < 'Infinity' AND close > 0 AND close < 'Infinity'
                    ORDER BY time
                ) AS bars
                $query$, CASE WHEN takes_all THEN ' || array_agg(close)' END,
                CASE WHEN EXISTS (SELECT FROM bqx.pair_elsewhere e WHERE e.pair = slot.related) THEN 'related_bar'
                    ELSE 'm1_' || slot.related END)
            INTO other_minutes, other_values
            USING times[1] - max_age * INTERVAL '1 minute', times[bars], slot.direction, slot.related;
        END IF;
        columns := columns || (CASE
            WHEN slot.related IS NULL OR other_minutes = '{}' THEN array_fill(double precision 'NaN', ARRAY[3 * bars])
            ELSE bqx.as_of(minutes, other_minutes, other_values, max_age)
        END)[:CASE WHEN takes_all THEN 3 ELSE 1 END * bars];
    END LOOP;
    RETURN columns;
END
$$;
COMMENT ON FUNCTION bqx.read_related IS
    'The columns of a family''s input ''related'', one after the other: for each slot of bqx.related_pairs the'
    ' pair''s rate_index (times its direction) and, but of the market, its close and how old they are, in minutes;'
    ' all as of the given times, and NaN where the pair has no bar that is at most max_age minutes old.';
