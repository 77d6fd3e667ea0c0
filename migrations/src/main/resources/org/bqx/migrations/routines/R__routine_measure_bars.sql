SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: what it finds is written here and nowhere else.
CREATE OR REPLACE FUNCTION bqx.measure_bars(pairs text[] DEFAULT NULL) RETURNS int
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    shortest_gap CONSTANT int := 30;
    shortest_weekend CONSTANT int := 120;
    changed record;
    looked int := 0;
BEGIN
    PERFORM bqx.check_pair(p) FROM unnest(pairs) p;
    DELETE FROM bqx.bar_coverage c
    WHERE NOT EXISTS (SELECT FROM bqx.m1_month m WHERE m.pair = c.pair AND m.month = c.month AND m.bars > 0);
    DELETE FROM bqx.bar_gap g
    WHERE NOT EXISTS (
        SELECT FROM bqx.m1_month m WHERE m.pair = g.pair AND m.month = bqx.month_of(g.to_time) AND m.bars > 0);
    -- A gap at a month's beginning depends on the months before: they are looked at together.
    FOR changed IN
        SELECT m.pair, m.month, m.revision
        FROM bqx.m1_month m
        LEFT JOIN bqx.bar_coverage c ON c.pair = m.pair AND c.month = m.month
        LEFT JOIN LATERAL (
            SELECT b.pair, b.month, b.revision FROM bqx.m1_month b
            WHERE b.pair = m.pair AND b.month < m.month ORDER BY b.month DESC LIMIT 1
        ) before ON true
        LEFT JOIN bqx.bar_coverage before_coverage
            ON before_coverage.pair = before.pair AND before_coverage.month = before.month
        WHERE m.bars > 0 AND (pairs IS NULL OR m.pair IN (SELECT lower(unnest(pairs))))
            AND (c.revision IS DISTINCT FROM m.revision OR before.revision IS DISTINCT FROM before_coverage.revision)
        ORDER BY m.pair, m.month
    LOOP
        DELETE FROM bqx.bar_gap g
        WHERE g.pair = changed.pair AND g.to_time >= bqx.month_start(changed.month)
            AND g.to_time < bqx.month_end(changed.month);
        EXECUTE format($query$
            WITH bars AS (
                SELECT time, lag(time) OVER (ORDER BY time) AS previous
                FROM (
                    (SELECT time FROM bqx.%1$I WHERE time < $2 ORDER BY time DESC LIMIT 1)
                    UNION ALL
                    (SELECT time FROM bqx.%1$I WHERE time >= $2 AND time < $3)
                ) both_sides
            ), gap AS (
                SELECT previous + INTERVAL '1 minute' AS from_time, time AS to_time,
                    bqx.market_minutes(time) - bqx.market_minutes(previous + INTERVAL '1 minute') AS minutes
                FROM bars
                WHERE time - previous > INTERVAL '1 minute'
            ), long_gap AS (
                INSERT INTO bqx.bar_gap (pair, from_time, to_time, minutes)
                SELECT $1, from_time, to_time, minutes FROM gap
                WHERE minutes >= CASE WHEN to_time - from_time > minutes * INTERVAL '1 minute' THEN $7 ELSE $5 END
            )
            INSERT INTO bqx.bar_coverage AS c (pair, month, revision, first_bar, last_bar, bars, missing)
            SELECT $1, $4, $6, min(time), max(time), count(*), (SELECT coalesce(sum(minutes), 0) FROM gap)
            FROM bars
            WHERE time >= $2
            HAVING count(*) > 0
            ON CONFLICT (pair, month) DO UPDATE
            SET revision = excluded.revision, first_bar = excluded.first_bar, last_bar = excluded.last_bar,
                bars = excluded.bars, missing = excluded.missing, measured_at = clock_timestamp()
            $query$, 'm1_' || changed.pair)
        USING changed.pair, bqx.month_start(changed.month), bqx.month_end(changed.month), changed.month, shortest_gap,
            changed.revision, shortest_weekend;
        looked := looked + 1;
    END LOOP;
    RETURN looked;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.measure_bars TO bqx_runner;
COMMENT ON FUNCTION bqx.measure_bars IS
    'Looks for minutes without a bar while the market was open, in the months whose bars have changed since it last'
    ' looked; NULL pairs means all. A gap is noted from 30 minutes on, one across a weekend from 120 on, since'
    ' brokers open and close the week at hours of their own. Returns the number of months it looked at. A gap'
    ' belongs to the month of the bar after it.';
