-- Three ways to replace a partition's rows, by the same INSERT … SELECT over the same bars: alternating runs
-- in one warm session, medians. docs/backfill.md says which one bqx takes, and why.
--
--     ./bqx psql -f benchmarks/write_strategies.sql
--     ./bqx psql -v pair=gbpusd -v month=2024-08-01 -v rounds=21 -f benchmarks/write_strategies.sql
\set QUIET on
\if :{?pair} \else \set pair eurusd \endif
\if :{?month} \else \set month 2024-08-01 \endif
\if :{?rounds} \else \set rounds 15 \endif
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET jit = off;

CREATE TEMP TABLE setting AS
SELECT :'pair' AS pair, :'month'::date AS month, (:'month'::date + INTERVAL '1 month')::date AS next_month,
    :'rounds'::int AS rounds;
CREATE TEMP TABLE source AS
SELECT array_agg(time) AS times, array_agg(rate_index) AS indexes
FROM (
    SELECT time, rate_index FROM bqx.m1, setting
    WHERE m1.pair = setting.pair AND time < bqx.month_start(next_month)
        AND time >= bqx.month_start(month) - INTERVAL '3 days'
    ORDER BY time
) bars;
CREATE TEMP TABLE measured (what text, round int, ms float8);

CREATE PROCEDURE pg_temp.measure(what text, round int, variadic statements text[]) LANGUAGE plpgsql AS $$
DECLARE
    started timestamptz := clock_timestamp();
    statement text;
BEGIN
    FOREACH statement IN ARRAY statements LOOP
        EXECUTE statement;
    END LOOP;
    COMMIT;
    INSERT INTO measured VALUES (what, round, 1000 * extract(epoch FROM clock_timestamp() - started));
END
$$;

DO $$
DECLARE
    features text := (
        SELECT format('SELECT %L, ts_utc, features[1], %s FROM (SELECT unnest(times) AS ts_utc,'
            ' bqx.reg_rows(indexes, (SELECT windows FROM bqx.feature WHERE family = ''reg''), 0) AS features'
            ' FROM source) rows', setting.pair, string_agg(format('features[%s]', element), ', ' ORDER BY element))
        FROM bqx.feature_columns('reg'), setting GROUP BY setting.pair);
    attach text := (
        SELECT format('ALTER TABLE bqx.bench ATTACH PARTITION bqx.bench_part FOR VALUES FROM (%L) TO (%L)',
            bqx.month_start(month) - INTERVAL '3 days', bqx.month_start(next_month))
        FROM setting);
BEGIN
    CREATE TABLE bqx.bench (LIKE bqx.reg, PRIMARY KEY (ts_utc)) PARTITION BY RANGE (ts_utc);
    CREATE TABLE bqx.bench_part (LIKE bqx.reg);
    EXECUTE attach;
    COMMIT;
    FOR round IN 0..(SELECT rounds FROM setting) LOOP
        CALL pg_temp.measure('TRUNCATE, INSERT', round,
            'TRUNCATE bqx.bench_part', 'INSERT INTO bqx.bench_part ' || features);
        CALL pg_temp.measure('DELETE, INSERT', round,
            'DELETE FROM bqx.bench_part', 'INSERT INTO bqx.bench_part ' || features);
        CALL pg_temp.measure('built aside, swapped in', round,
            'CREATE TABLE bqx.bench_building (LIKE bqx.reg)',
            'INSERT INTO bqx.bench_building ' || features,
            'ALTER TABLE bqx.bench_building ADD CONSTRAINT bench_building_pkey PRIMARY KEY (ts_utc)',
            'DROP TABLE bqx.bench_part',
            'ALTER TABLE bqx.bench_building RENAME TO bench_part',
            'ALTER TABLE bqx.bench_part RENAME CONSTRAINT bench_building_pkey TO bench_part_pkey',
            attach);
    END LOOP;
    DROP TABLE bqx.bench;
END
$$;

SELECT what, round(median::numeric, 1) AS median_ms, round((median / min(median) OVER ())::numeric, 2) AS ratio
FROM (
    SELECT what, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS median
    FROM measured WHERE round > 0 GROUP BY 1
) medians
ORDER BY ratio;
