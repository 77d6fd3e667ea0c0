SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not own the tables.
CREATE OR REPLACE FUNCTION bqx.fill_pair_corr(month date, force boolean DEFAULT false) RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
    checked_month CONSTANT date := bqx.check_month(month);
    first_time CONSTANT timestamptz := bqx.month_start(checked_month);
    end_time CONSTANT timestamptz := bqx.month_end(checked_month);
    revision bigint;
    written bigint;
BEGIN
    -- No partition's and no correlation's number.
    PERFORM bqx.take_lock((6451576::bigint << 32) + 300 * 12000000::bigint
        + extract(year FROM checked_month)::int % 1000 * 12 + extract(month FROM checked_month)::int,
        format('pair_corr_day %s', to_char(checked_month, 'YYYY-MM')));
    revision := (
        SELECT coalesce(sum(m.revision), 0) FROM bqx.m1_month m
        WHERE m.month IN (checked_month, (checked_month - INTERVAL '1 month')::date));
    IF NOT coalesce(force, false)
        AND EXISTS (SELECT FROM bqx.pair_corr_month f WHERE f.month = checked_month AND f.source_revision = revision)
    THEN
        RETURN 0;
    END IF;
    DELETE FROM bqx.pair_corr_day d
    WHERE d.day >= checked_month AND d.day < (checked_month + INTERVAL '1 month')::date;
    INSERT INTO bqx.pair_corr_day (day, pair_a, pair_b, n, pearson)
    WITH bar AS MATERIALIZED (
        SELECT m.pair, m.time, (m.time AT TIME ZONE 'UTC')::date AS day,
            CASE WHEN lag(m.time) OVER minute = m.time - INTERVAL '1 minute'
                THEN (m.close - lag(m.close) OVER minute) / nullif(lag(m.close) OVER minute, 0) END AS change
        FROM bqx.m1 m
        WHERE m.time >= first_time - INTERVAL '1 minute' AND m.time < end_time
        WINDOW minute AS (PARTITION BY m.pair ORDER BY m.time)
    ), traded AS (
        SELECT b.day, count(DISTINCT b.pair) AS pairs FROM bar b WHERE b.time >= first_time GROUP BY b.day
    ), common AS (
        SELECT b.time, b.day FROM bar b WHERE b.time >= first_time
        GROUP BY b.time, b.day
        HAVING count(b.change) = (SELECT t.pairs FROM traded t WHERE t.day = b.day)
    ), returned AS MATERIALIZED (
        SELECT b.pair, b.time, b.day, b.change FROM bar b JOIN common c ON c.time = b.time
    ), correlated AS (
        SELECT a.day, a.pair AS pair_a, b.pair AS pair_b, count(*)::int AS n,
            CASE WHEN count(*) >= 60 AND min(a.change) < max(a.change) AND min(b.change) < max(b.change)
                THEN corr(a.change, b.change) END AS pearson
        FROM returned a
        JOIN returned b ON b.time = a.time AND b.pair > a.pair
        GROUP BY a.day, a.pair, b.pair
    )
    SELECT t.day, a.pair, b.pair, coalesce(c.n, 0), c.pearson
    FROM traded t
    CROSS JOIN bqx.pair a
    JOIN bqx.pair b ON b.pair > a.pair
    LEFT JOIN correlated c ON c.day = t.day AND c.pair_a = a.pair AND c.pair_b = b.pair;
    GET DIAGNOSTICS written = ROW_COUNT;
    INSERT INTO bqx.pair_corr_month AS f (month, source_revision) VALUES (checked_month, revision)
    ON CONFLICT ON CONSTRAINT pair_corr_month_pkey DO UPDATE
    SET source_revision = excluded.source_revision, filled_at = clock_timestamp();
    RETURN written;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.fill_pair_corr TO bqx_runner;
COMMENT ON FUNCTION bqx.fill_pair_corr IS
    'Fills bqx.pair_corr_day with the UTC days of a month at which any pair has a bar: a row for each two pairs.'
    ' Returns the rows written, 0 when the days are there and no bar of the month or the one before has changed.';
