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
    -- longest window's bars before them, wherever they lie. Each side is read by index, so nothing is sorted
    -- but the lookback.
    EXECUTE format($query$
        WITH feature AS (
            SELECT windows, windows[cardinality(windows)] AS longest FROM bqx.feature WHERE family = $4
        ), lookback AS (
            SELECT coalesce(array_agg(time ORDER BY time), '{}') AS times,
                coalesce(array_agg(rate_index ORDER BY time), '{}') AS indexes
            FROM (
                SELECT time, rate_index FROM bqx.%1$I WHERE time < $1 ORDER BY time DESC
                LIMIT (SELECT longest FROM feature)
            ) AS latest
        ), month AS (
            SELECT array_agg(time) AS times, array_agg(rate_index) AS indexes
            FROM (SELECT time, rate_index FROM bqx.%1$I WHERE time >= $1 AND time < $2 ORDER BY time) AS bars
        ), source AS (
            SELECT lookback.times || month.times AS times, lookback.indexes || month.indexes AS indexes,
                cardinality(lookback.times) AS skip
            FROM lookback, month
        ), reach AS (
            SELECT CASE WHEN skip < longest THEN DATE '-infinity' ELSE bqx.month_of(times[1]) END AS from_month
            FROM source, feature
        )
        SELECT source.times, source.indexes, cardinality(source.times), source.skip, feature.windows,
            reach.from_month, baseline_rate,
            (SELECT sum(revision) FROM bqx.m1_month
             WHERE pair = $3 AND month BETWEEN reach.from_month AND $5) AS revision
        FROM feature, source, reach LEFT JOIN bqx.baseline_rates ON pair = $3
        $query$, 'm1_' || pair)
    INTO STRICT times, indexes, bars, skip, windows, from_month, baseline_rate, revision
    USING bqx.month_start(month), bqx.month_start((month + INTERVAL '1 month')::date),
        pair, family, month;

    -- NaN is greater than infinity.
    bad_bars := 0;
    IF (0 < ALL (indexes) AND 'Infinity' > ALL (indexes)) IS NOT TRUE THEN
        SELECT count(*), min(time) INTO bad_bars, first_bad
        FROM unnest(times, indexes) AS bar (time, rate_index)
        WHERE NOT coalesce(rate_index > 0 AND rate_index < 'Infinity', false);
    END IF;
END
$$;
