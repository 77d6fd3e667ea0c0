SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: counts are written here and by the triggers alone.
CREATE OR REPLACE FUNCTION bqx.recount_bars(pair text DEFAULT NULL)
RETURNS TABLE (counted_pair text, counted_month date, bars_before bigint, bars_now bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
    checked_pair CONSTANT text := CASE WHEN pair IS NOT NULL THEN bqx.check_pair(pair) END;
    one text;
BEGIN
    FOR one IN SELECT p.pair FROM bqx.pair p WHERE checked_pair IS NULL OR p.pair = checked_pair ORDER BY p.pair LOOP
        -- Waits for bars that are just being written, and holds back new ones.
        EXECUTE format('LOCK TABLE bqx.%I IN SHARE MODE', 'm1_' || one);
        RETURN QUERY EXECUTE format($query$
            WITH actual AS (
                SELECT bqx.month_of(time) AS month, count(*) AS bars, count(*) FILTER (WHERE is_quoted) AS quotes
                FROM (
                    SELECT date_trunc('day', time AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS time,
                        num_nulls(bid_close, ask_close) = 0 AS is_quoted
                    FROM bqx.%I
                ) bars
                GROUP BY 1
            ), noted AS (
                SELECT m.month, m.bars FROM bqx.m1_month m WHERE m.pair = $1
            ), written AS (
                INSERT INTO bqx.m1_month AS m (pair, month, bars, quotes, revision, changed_at)
                SELECT $1, coalesce(actual.month, noted.month), coalesce(actual.bars, 0), coalesce(actual.quotes, 0), 1,
                    clock_timestamp()
                FROM actual FULL JOIN noted ON noted.month = actual.month
                ON CONFLICT ON CONSTRAINT m1_month_pkey DO UPDATE
                SET bars = excluded.bars, quotes = excluded.quotes, revision = m.revision + 1, changed_at = excluded.changed_at
            )
            SELECT $1, coalesce(actual.month, noted.month), coalesce(noted.bars, 0), coalesce(actual.bars, 0)
            FROM actual FULL JOIN noted ON noted.month = actual.month
            WHERE noted.bars IS DISTINCT FROM actual.bars AND coalesce(noted.bars, 0) <> coalesce(actual.bars, 0)
            ORDER BY 2
            $query$, 'm1_' || one)
        USING one;
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.recount_bars TO bqx_runner;
COMMENT ON FUNCTION bqx.recount_bars IS
    'Counts the bars of a pair anew, of all pairs when it is NULL: for bars that came behind the triggers, as by'
    ' logical replication or with session_replication_role = replica. Every month counts as changed, so that the'
    ' next backfill looks at all bars; what it finds as it was stays done. Returns the months whose count was wrong.';
