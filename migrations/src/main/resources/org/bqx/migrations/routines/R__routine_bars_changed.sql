SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER so that nobody who writes bars needs, or has, rights on bqx.m1_month.
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
    -- By a snapshot older than the last baseline these bars got an index by one that is no more. Such a transaction
    -- fails with 40001 by this row, which changes with the baseline.
    IF TG_OP <> 'DELETE' AND current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM FROM bqx.pair p WHERE p.pair IN (SELECT a.pair FROM added a) FOR SHARE OF p;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bqx.bars_changed IS
    'Trigger: counts a statement''s changes of bars in bqx.m1_month, which makes the partitions that were computed'
    ' from them stale, and tells who listens to bqx_bars which pair and month it was.';
