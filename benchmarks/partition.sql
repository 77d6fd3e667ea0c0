-- What a partition costs, as a ratio to the floor: PostgreSQL writing the same rows, precomputed, into an
-- equal table. Alternating runs in one warm session, medians. From a database that has been backfilled:
--
--     ./bqx psql -f benchmarks/partition.sql
--     ./bqx psql -v pair=eurusd -v month=2024-07-01 -v rounds=21 -f benchmarks/partition.sql
\set QUIET on
\if :{?pair} \else \set pair eurusd \endif
\if :{?month} \else \set month 2024-07-01 \endif
\if :{?rounds} \else \set rounds 15 \endif
\set ON_ERROR_STOP on
SET client_min_messages = warning;

CREATE TEMP TABLE setting AS
SELECT :'pair' AS pair, :'month'::date AS month, :'rounds'::int AS rounds;
CREATE TEMP TABLE measured (family text, what text, round int, ms float8);

CREATE PROCEDURE pg_temp.measure(family text, what text, round int, variadic statements text[]) LANGUAGE plpgsql AS $$
DECLARE
    started timestamptz := clock_timestamp();
    statement text;
BEGIN
    FOREACH statement IN ARRAY statements LOOP
        EXECUTE statement;
    END LOOP;
    COMMIT;
    INSERT INTO measured VALUES (family, what, round, 1000 * extract(epoch FROM clock_timestamp() - started));
END
$$;

DO $$
DECLARE
    family text;
    parent text;
    partition text;
    pair text := (SELECT s.pair FROM setting s);
    month date := (SELECT s.month FROM setting s);
BEGIN
    FOREACH family IN ARRAY ARRAY['bqx', 'reg'] LOOP
        parent := format('bqx.%I', family || '_' || pair);
        partition := format('bqx.%I', bqx.partition_name(family, pair, month));
        PERFORM bqx.backfill(family, pair, month);
        EXECUTE format('CREATE TABLE bqx.bench_precomputed AS TABLE %s', partition);
        EXECUTE format('CREATE TABLE bqx.bench_truncated (LIKE %s, PRIMARY KEY (ts_utc))', parent);
        COMMIT;
        FOR round IN 0..(SELECT rounds FROM setting) LOOP
            CALL pg_temp.measure(family, 'floor: new table, INSERT … SELECT *, primary key', round,
                format('CREATE TABLE bqx.bench_floor (LIKE %s)', parent),
                'INSERT INTO bqx.bench_floor SELECT * FROM bqx.bench_precomputed',
                'ALTER TABLE bqx.bench_floor ADD PRIMARY KEY (ts_utc)');
            CALL pg_temp.measure(family, 'floor: TRUNCATE, INSERT … SELECT *', round,
                'TRUNCATE bqx.bench_truncated',
                'INSERT INTO bqx.bench_truncated SELECT * FROM bqx.bench_precomputed');
            CALL pg_temp.measure(family, 'bqx.backfill of a done partition, forced', round,
                format('SELECT bqx.backfill(%L, %L, %L, force => true)', family, pair, month));
            DROP TABLE bqx.bench_floor;
            EXECUTE format('DROP TABLE %s', partition);
            EXECUTE 'DELETE FROM bqx.partition_state s WHERE (s.family, s.pair, s.month) = ($1, $2, $3)'
                USING family, pair, month;
            COMMIT;
            CALL pg_temp.measure(family, 'bqx.backfill of a missing partition', round,
                format('SELECT bqx.backfill(%L, %L, %L)', family, pair, month));
        END LOOP;
        DROP TABLE bqx.bench_truncated, bqx.bench_precomputed;
        COMMIT;
    END LOOP;
END
$$;

SELECT family, what, round(median::numeric, 1) AS median_ms,
    round((median / first_value(median) OVER (PARTITION BY family ORDER BY what <> 'floor: new table, INSERT … SELECT *, primary key'))::numeric, 2) AS ratio
FROM (
    SELECT family, what, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS median
    FROM measured WHERE round > 0 GROUP BY 1, 2
) medians
ORDER BY family, ratio, what;
