-- The query that computes a month's rows by window functions: it reads the month's bars and the longest window's
-- before them, in time order by the index.
CREATE FUNCTION bench.bqx_sql(pair text, month date) RETURNS text
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %1$L, time, x%4$s
        FROM (
            SELECT time, rate_index AS x, row_number() OVER series AS bar%5$s
            FROM (
                (SELECT time, rate_index FROM bqx.%2$I WHERE time < %3$L ORDER BY time DESC LIMIT %6$s)
                UNION ALL
                (SELECT time, rate_index FROM bqx.%2$I WHERE time >= %3$L AND time < %7$L)
            ) AS bars
            WINDOW series AS (ORDER BY time)%8$s
        ) AS sums
        WHERE time >= %3$L
        $query$,
        bqx_sql.pair, 'm1_' || bqx_sql.pair, bqx.month_start(bqx_sql.month),
        string_agg(format($metrics$,
            CASE WHEN bar > %1$s THEN (average%1$s - x) / x * %1$s END,
            CASE WHEN bar > %1$s THEN (average%1$s - x) / x END,
            CASE WHEN bar > %1$s THEN highest%1$s END,
            CASE WHEN bar > %1$s THEN lowest%1$s END,
            CASE WHEN bar > %1$s THEN average%1$s END,
            CASE WHEN bar > %1$s THEN deviation%1$s END,
            (first%1$s - x) / x,
            CASE WHEN bar > %1$s THEN (highest%1$s - lowest%1$s) / x END,
            CASE WHEN bar > %1$s THEN deviation%1$s / x END$metrics$, w), '' ORDER BY w),
        string_agg(format($moments$,
            avg(rate_index) OVER w%1$s AS average%1$s, max(rate_index) OVER w%1$s AS highest%1$s,
            min(rate_index) OVER w%1$s AS lowest%1$s, stddev_samp(rate_index) OVER w%1$s AS deviation%1$s,
            lag(rate_index, %1$s) OVER series AS first%1$s$moments$, w), '' ORDER BY w),
        max(w), bqx.month_end(bqx_sql.month),
        string_agg(format(', w%1$s AS (series ROWS BETWEEN %1$s PRECEDING AND 1 PRECEDING)', w), '' ORDER BY w))
    FROM bqx.feature, unnest(windows) w
    WHERE family = 'bqx'
$$;
