SET LOCAL ROLE bqx_owner;

-- Triggers as in stage 1.5.2, which count the bars that have both bid and ask, too.
ALTER TABLE bqx.m1_month ADD COLUMN IF NOT EXISTS quotes bigint NOT NULL DEFAULT 0;
CREATE OR REPLACE FUNCTION bqx.bars_changed() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    one_more CONSTANT text := 'SELECT pair, time, 1 AS bars, (num_nulls(bid_close, ask_close) = 0)::int AS quotes FROM added';
    one_less CONSTANT text := 'SELECT pair, time, -1 AS bars, -(num_nulls(bid_close, ask_close) = 0)::int AS quotes FROM removed';
BEGIN
    -- Ordered, so that two loads that touch the same months cannot deadlock on these rows.
    EXECUTE format(
        'WITH counted AS (INSERT INTO bqx.m1_month AS m (pair, month, bars, quotes, revision, changed_at)'
        ' SELECT pair, bqx.month_of(time), sum(bars), sum(quotes), 1, clock_timestamp() FROM (%s) changes'
        ' GROUP BY 1, 2 ORDER BY 1, 2'
        ' ON CONFLICT (pair, month) DO UPDATE'
        ' SET bars = m.bars + excluded.bars, quotes = m.quotes + excluded.quotes, revision = m.revision + 1,'
        ' changed_at = excluded.changed_at'
        ' RETURNING pair, month)'
        ' SELECT pg_notify(''bqx_bars'', pair || '' '' || to_char(month, ''YYYY-MM'')) FROM counted',
        CASE TG_OP WHEN 'INSERT' THEN one_more WHEN 'DELETE' THEN one_less ELSE one_more || ' UNION ALL ' || one_less END);
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION bqx.bars_truncated() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE bqx.m1_month m
    SET bars = 0, quotes = 0, revision = m.revision + 1, changed_at = clock_timestamp()
    WHERE bqx.partition_name('m1', m.pair, m.month) = TG_TABLE_NAME;
    RETURN NULL;
END
$$;

-- Those that are there already.
UPDATE bqx.m1_month m
SET quotes = counted.quotes
FROM (
    SELECT pair, date_trunc('month', time AT TIME ZONE 'UTC')::date AS month, count(*) AS quotes
    FROM bqx.m1
    WHERE num_nulls(bid_close, ask_close) = 0
    GROUP BY 1, 2
) counted
WHERE counted.pair = m.pair AND counted.month = m.month;

-- Where there are none, rows of what is made of them are NULLs, which releases before this stage computed.
DO $$
DECLARE
    partition record;
BEGIN
    FOR partition IN
        DELETE FROM bqx.partition_state s
        USING bqx.m1_month m
        WHERE s.family = 'spread' AND m.pair = s.pair AND m.month = s.month AND m.bars > 0
            AND m.quotes = 0
        RETURNING s.pair, to_char(s.month, 'YYYY_MM') AS month
    LOOP
        EXECUTE format('DROP TABLE IF EXISTS bqx.%I', format('spread_%s_%s', partition.pair, partition.month));
    END LOOP;
END
$$;
