-- A matrix in psql: its splits, and a line that is fitted to the training rows and judged on the others.
--
--     ./bqx matrix define first --pairs eurusd --columns 'bqx.w60_*,reg.w60_*' --target w60_h60
--     ./bqx psql -v matrix=first -v feature=w60_bqx_return -f examples/train.sql

SELECT bqx.matrix_query(name, pairs[1]) AS query, format('w%s_target_h%s', target_w, target_h) AS target
FROM bqx.matrix
WHERE name = :'matrix'
\gset

-- The query names tables: nothing is stored, and psql reads what it needs.
CREATE TEMPORARY VIEW example AS :query;

SELECT split, count(*) AS rows, min(ts_utc) AS first, max(ts_utc) AS last, count(:"target") AS targets
FROM example
GROUP BY split
ORDER BY first;

WITH line AS (
    SELECT regr_slope(:"target", :"feature") AS slope, regr_intercept(:"target", :"feature") AS intercept,
        avg(:"target") AS mean
    FROM example
    WHERE split = 'train'
)
SELECT split, corr(:"target", :"feature") AS correlation,
    1 - sum((:"target" - intercept - slope * :"feature") ^ 2) / sum((:"target" - mean) ^ 2) AS r2
FROM example
CROSS JOIN line
WHERE split IS NOT NULL AND :"feature" IS NOT NULL
GROUP BY split
ORDER BY min(ts_utc);
