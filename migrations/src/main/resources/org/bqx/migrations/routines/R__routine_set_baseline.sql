SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: baselines are written here and nowhere else.
CREATE OR REPLACE FUNCTION bqx.set_baseline(pair text, baseline_date date DEFAULT bqx.default_baseline_date())
RETURNS double precision
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
    bar record;
BEGIN
    IF baseline_date IS NULL OR NOT isfinite(baseline_date) THEN
        RAISE EXCEPTION 'baseline_date is %: must be a finite date', coalesce(baseline_date::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- Waits for bars that are just being written, and holds back new ones, so that none of them
    -- keeps an index by the old baseline. Readers go on.
    EXECUTE format('LOCK TABLE bqx.%I IN SHARE ROW EXCLUSIVE MODE', 'm1_' || checked_pair);
    -- A front's transaction goes by a snapshot that is older than this lock. What others have committed in between it
    -- would neither see nor change: it fails, by these rows.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM FROM bqx.m1_month m WHERE m.pair = checked_pair FOR UPDATE;
        INSERT INTO bqx.m1_month AS m (pair, month, bars, revision, changed_at)
        -- Names come from the server's cache, which knows of tables that the snapshot does not.
        SELECT checked_pair, to_date(right(t.relid::regclass::text, 7), 'YYYY_MM'), 0, 0, clock_timestamp()
        FROM pg_partition_tree(format('bqx.%I', 'm1_' || checked_pair)::regclass) t
        WHERE t.isleaf
        ON CONFLICT DO NOTHING;
        DELETE FROM bqx.m1_month m WHERE m.pair = checked_pair AND m.revision = 0;
    END IF;

    EXECUTE format('SELECT time, close FROM bqx.%I WHERE time >= $1 ORDER BY time LIMIT 1', 'm1_' || checked_pair)
    INTO bar
    USING baseline_date::timestamp AT TIME ZONE 'UTC';
    IF bar.time IS NULL THEN
        RAISE EXCEPTION 'pair % has no bar at or after %', checked_pair, to_char(baseline_date, 'YYYY-MM-DD')
            USING ERRCODE = 'QX004', HINT = 'Import its bars, or choose an earlier date.';
    END IF;
    IF bar.close IS NULL OR NOT (bar.close > 0 AND bar.close < 'Infinity') THEN
        RAISE EXCEPTION 'pair %: the close of its baseline bar at % is %', checked_pair,
            bqx.utc_text(bar.time), coalesce(bar.close::text, 'NULL')
            USING ERRCODE = 'QX005', HINT = 'Correct the bar, or choose another date.';
    END IF;

    INSERT INTO bqx.baseline_rates AS b (pair, baseline_date, baseline_time, baseline_rate)
    VALUES (checked_pair, baseline_date, bar.time, bar.close)
    ON CONFLICT ON CONSTRAINT baseline_rates_pkey DO UPDATE
    SET baseline_date = excluded.baseline_date, baseline_time = excluded.baseline_time,
        baseline_rate = excluded.baseline_rate, created_at = excluded.created_at
    WHERE (b.baseline_date, b.baseline_time, b.baseline_rate)
        IS DISTINCT FROM (excluded.baseline_date, excluded.baseline_time, excluded.baseline_rate);
    IF FOUND THEN
        -- By this row fails who writes bars by an older snapshot: bqx.bars_changed.
        UPDATE bqx.pair p SET kept_from = p.kept_from WHERE p.pair = checked_pair;
    END IF;

    EXECUTE format('UPDATE bqx.%I SET rate_index = close / $1 * 100'
        ' WHERE rate_index IS DISTINCT FROM close / $1 * 100', 'm1_' || checked_pair)
    USING bar.close;
    RETURN bar.close;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.set_baseline TO bqx_runner;
COMMENT ON FUNCTION bqx.set_baseline IS
    'Makes the close of the pair''s first bar at or after the date its baseline, and recomputes rate_index.';
