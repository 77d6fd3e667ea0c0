SET LOCAL ROLE bqx_owner;

-- Computes one partition: one family, one pair, one UTC month. Returns the rows written, 0 when the
-- partition is done and left alone. All or nothing: the rows, and the state row that describes them,
-- come with the caller's COMMIT.
--
-- SECURITY DEFINER: who computes need not own the tables.
CREATE OR REPLACE FUNCTION bqx.backfill(family text, pair text, month date, force boolean DEFAULT false)
RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- There is one good plan, by index in time order; a fresh table's missing statistics must not find another.
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    checked_family CONSTANT text := bqx.check_family(family);
    checked_pair CONSTANT text := bqx.check_pair(pair);
    checked_month CONSTANT date := bqx.check_month(month);
    name CONSTANT text := bqx.partition_name(checked_family, checked_pair, checked_month);
    started CONSTANT timestamptz := clock_timestamp();
    session_version text;
    installed_version text;
    source record;
    source_from date;
    rows_written bigint;
BEGIN
    PERFORM bqx.lock_partition(checked_family, checked_pair, checked_month);
    IF NOT coalesce(force, false) AND EXISTS (
        SELECT FROM bqx.partition_freshness f
        WHERE f.family = checked_family AND f.pair = checked_pair AND f.month = checked_month
            AND f.state = 'done' AND f.stale_because IS NULL
    ) THEN
        RAISE NOTICE '% is done, nothing computed', name
            USING HINT = 'Pass force => true to compute it again.';
        RETURN 0;
    END IF;

    session_version := bqx.functions_version();
    installed_version := (SELECT version FROM bqx.functions_jar);
    IF session_version IS DISTINCT FROM installed_version THEN
        RAISE EXCEPTION 'this session runs functions %, installed are %', session_version, installed_version
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'The jar was replaced since this session loaded it: connect again.';
    END IF;

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
        SELECT source.*, feature.*, reach.from_month, baseline_rate,
            (SELECT sum(revision) FROM bqx.m1_month
             WHERE pair = $3 AND month BETWEEN reach.from_month AND $5) AS revision
        FROM feature, source, reach LEFT JOIN bqx.baseline_rates ON pair = $3
        $query$, 'm1_' || checked_pair)
    INTO STRICT source
    USING bqx.month_start(checked_month), bqx.month_start((checked_month + INTERVAL '1 month')::date),
        checked_pair, checked_family, checked_month;

    IF source.bars = source.skip THEN
        RAISE EXCEPTION 'pair % has no bars in %', checked_pair, to_char(checked_month, 'YYYY-MM')
            USING ERRCODE = 'QX003', HINT = 'SELECT * FROM bqx.m1_month lists the months that have bars.';
    END IF;
    IF source.baseline_rate IS NULL THEN
        RAISE EXCEPTION 'pair % has no baseline', checked_pair
            USING ERRCODE = 'QX004', HINT = format('SELECT bqx.set_baseline(%L) sets it.', checked_pair);
    END IF;
    IF source.bad_bars > 0 THEN
        RAISE EXCEPTION 'pair %: % bars for % have a rate_index that is NULL or not a finite positive number, the first at %',
            checked_pair, source.bad_bars, name, bqx.utc_text(source.first_bad)
            USING ERRCODE = 'QX005',
                HINT = format('Correct their close in bqx.%I, or delete them.', 'm1_' || checked_pair);
    END IF;

    rows_written := bqx.write_partition(
        checked_family, checked_pair, checked_month, source.times, source.indexes, source.windows, source.skip);

    INSERT INTO bqx.partition_state AS s (
        family, pair, month, state, rows, source_from, source_revision, source_digest, windows, baseline_rate,
        functions_version, attempts, backend_pid, started_at, finished_at)
    VALUES (
        checked_family, checked_pair, checked_month, 'done', rows_written, source.from_month, source.revision,
        encode(sha256(array_send(source.times) || array_send(source.indexes)), 'hex'), source.windows,
        source.baseline_rate, session_version, 1, pg_backend_pid(), started, clock_timestamp())
    ON CONFLICT (family, pair, month) DO UPDATE
    SET state = excluded.state, rows = excluded.rows, source_from = excluded.source_from,
        source_revision = excluded.source_revision, source_digest = excluded.source_digest,
        windows = excluded.windows, baseline_rate = excluded.baseline_rate,
        functions_version = excluded.functions_version, attempts = s.attempts + 1,
        backend_pid = excluded.backend_pid, started_at = excluded.started_at, finished_at = excluded.finished_at,
        sqlstate = NULL, error = NULL;
    RETURN rows_written;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.backfill TO bqx_runner;
