SET LOCAL ROLE bqx_owner;

-- What a partition is computed from: skip bars of lookback, then the month's bars, and what they belong to.
CREATE OR REPLACE FUNCTION bqx.read_source(
    family text, pair text, month date,
    OUT times timestamptz[], OUT indexes double precision[], OUT bars int, OUT skip int,
    OUT bad_bars bigint, OUT first_bad timestamptz,
    OUT windows int[], OUT from_month date, OUT baseline_rate double precision, OUT revision bigint)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
-- There is one good plan, by index in time order; a fresh table's missing statistics must not find another.
SET enable_seqscan = off
SET jit = off
AS $$
BEGIN
    -- One statement, so that bars, baseline and revisions are of one snapshot: the month's bars, and the
    -- longest window's bars before them, wherever they lie.
    EXECUTE format($query$
        WITH feature AS (
            SELECT windows, windows[cardinality(windows)] AS longest FROM bqx.feature WHERE family = $4
        ), bars AS (
            SELECT time, rate_index, coalesce(rate_index > 0 AND rate_index < 'Infinity', false) AS good
            FROM (
                (SELECT time, rate_index FROM bqx.%1$I WHERE time < $1 ORDER BY time DESC
                 LIMIT (SELECT longest FROM feature))
                UNION ALL
                (SELECT time, rate_index FROM bqx.%1$I WHERE time >= $1 AND time < $2 ORDER BY time)
            ) AS both_sides
            ORDER BY time
        ), source AS (
            SELECT array_agg(time) AS times, array_agg(rate_index) AS indexes, min(time) AS first_time,
                count(*)::int AS bars, (count(*) FILTER (WHERE time < $1))::int AS skip,
                count(*) FILTER (WHERE NOT good) AS bad_bars,
                min(time) FILTER (WHERE NOT good) AS first_bad
            FROM bars
        ), reach AS (
            SELECT CASE WHEN skip < longest THEN DATE '-infinity' ELSE bqx.month_of(first_time) END AS from_month
            FROM source, feature
        )
        SELECT source.times, source.indexes, source.bars, source.skip, source.bad_bars, source.first_bad,
            feature.windows, reach.from_month, baseline_rate,
            (SELECT sum(revision) FROM bqx.m1_month
             WHERE pair = $3 AND month BETWEEN reach.from_month AND $5) AS revision
        FROM feature, source, reach LEFT JOIN bqx.baseline_rates ON pair = $3
        $query$, 'm1_' || pair)
    INTO STRICT times, indexes, bars, skip, bad_bars, first_bad, windows, from_month, baseline_rate, revision
    USING bqx.month_start(month), bqx.month_start((month + INTERVAL '1 month')::date),
        pair, family, month;
END
$$;
