SET LOCAL ROLE bqx_owner;

-- Triggers as in stage 1.5.2.2. A bar that moves to another pair gets its rate_index by that pair's baseline, no bar
-- keeps one by a baseline that its transaction does not see, and TRUNCATE tells who listens, too.
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
    -- A snapshot that is older than the last bqx.set_baseline: the bars have an index by a baseline that is no more.
    -- Such a transaction fails with 40001 by a row that it cannot add, since one is there which it does not see.
    IF TG_OP <> 'DELETE' AND current_setting('transaction_isolation') <> 'read committed' THEN
        INSERT INTO bqx.baseline_rates (pair, baseline_date, baseline_time, baseline_rate)
        SELECT DISTINCT pair, DATE '-infinity', TIMESTAMPTZ '-infinity', 1 FROM added ORDER BY pair
        ON CONFLICT DO NOTHING;
        DELETE FROM bqx.baseline_rates WHERE baseline_date = '-infinity';
    END IF;
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION bqx.bars_truncated() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    changed text;
BEGIN
    UPDATE bqx.m1_month m
    SET bars = 0, quotes = 0, revision = m.revision + 1, changed_at = clock_timestamp()
    WHERE bqx.partition_name('m1', m.pair, m.month) = TG_TABLE_NAME
    RETURNING m.pair || ' ' || to_char(m.month, 'YYYY-MM') INTO changed;
    IF FOUND THEN
        PERFORM pg_notify('bqx_bars', changed);
    END IF;
    RETURN NULL;
END
$$;

DO $$
BEGIN
    -- A front has no triggers that count: its nodes do.
    IF to_regclass('bqx.node') IS NOT NULL THEN
        DROP FUNCTION bqx.bars_changed, bqx.bars_truncated;
        RETURN;
    END IF;
    CREATE OR REPLACE TRIGGER rate_index_of_changed_bar BEFORE UPDATE ON bqx.m1
    FOR EACH ROW WHEN ((NEW.close IS DISTINCT FROM OLD.close OR NEW.pair <> OLD.pair)
        AND NEW.rate_index IS NOT DISTINCT FROM OLD.rate_index)
    EXECUTE FUNCTION bqx.set_rate_index();
END
$$;
