SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.target(
    pair text, from_time timestamptz DEFAULT NULL, to_time timestamptz DEFAULT NULL, w int DEFAULT 60, h int DEFAULT 60)
RETURNS TABLE (ts_utc timestamptz, target double precision, target_time timestamptz, sign int, scaled double precision)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
    first_time CONSTANT timestamptz := coalesce(from_time, '-infinity');
    end_time CONSTANT timestamptz := coalesce(to_time, 'infinity');
    last_time timestamptz;
    has_volatility CONSTANT boolean := EXISTS (
        SELECT FROM bqx.feature_column c
        JOIN bqx.feature f ON f.family = c.family
        WHERE f.enabled AND c.family = 'rate' AND c.column_name = 'w60_rate_volatility');
BEGIN
    PERFORM bqx.check_target(w, h);
    IF h < w THEN
        RAISE NOTICE 'the target % bars after its row is of % bars: % of them are known at the row', h, w, w - h;
    END IF;
    -- The h-th bar after the last row.
    EXECUTE format('SELECT time FROM bqx.%I WHERE time >= $1 ORDER BY time OFFSET $2 LIMIT 1', 'm1_' || checked_pair)
    INTO last_time
    USING end_time, h - 1;
    last_time := coalesce(last_time, 'infinity');
    PERFORM bqx.warn_of_missing_rows('bqx', checked_pair, first_time, last_time);
    PERFORM bqx.warn_of_missing_rows('rate', checked_pair, first_time, end_time) WHERE has_volatility;
    RETURN QUERY EXECUTE format($query$
        SELECT bar.time, f.%1$I, CASE WHEN f.%1$I IS NOT NULL THEN bar.target_time END, sign(f.%1$I)::int, %2$s
        FROM (
            SELECT time, lead(time, $4) OVER (ORDER BY time) AS target_time
            FROM bqx.%3$I
            WHERE time >= $1 AND time <= $3
        ) bar
        LEFT JOIN (SELECT ts_utc, %1$I FROM bqx.%4$I WHERE ts_utc >= $1 AND ts_utc <= $3) f
            ON f.ts_utc = bar.target_time
        %5$s
        WHERE bar.time < $2
        ORDER BY bar.time
        $query$,
        format('w%s_bqx_return', w),
        CASE WHEN has_volatility THEN format('f.%I / nullif(60 * v.w60_rate_volatility, 0)', format('w%s_bqx_return', w))
            ELSE 'NULL::float8' END,
        'm1_' || checked_pair, 'bqx_' || checked_pair,
        CASE WHEN has_volatility THEN format('LEFT JOIN (SELECT ts_utc, w60_rate_volatility FROM bqx.%I'
            ' WHERE ts_utc >= $1 AND ts_utc < $2) v ON v.ts_utc = bar.time', 'rate_' || checked_pair) END)
    USING first_time, end_time, last_time, h;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.target TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.target IS
    'The target of each bar of a pair from from_time to to_time, the end excluded; NULL for no limit:'
    ' w{W}_bqx_return of the bar h bars after, and that bar''s time. Bars are counted, as the bars are numbered, not'
    ' the rows of the family. Positive: the price is below the w bars before it. It is of the bars from h - w to h'
    ' after the row''s own. For h < w some of these are known at the row: a forecast that knows it is none. scaled'
    ' is target / (60 * w60_rate_volatility) of the row itself. NULL in the last h rows of the history, whose bar'
    ' has not come, and, for h < w, in the first w - h rows; scaled also where the volatility is NULL or 0, and'
    ' everywhere where rate is not computed.';
