SET LOCAL ROLE bqx_owner;

-- Computes one partition: one family, one pair, one UTC month. Returns the rows written, 0 when the
-- partition is done and left alone, or when no bar that it reads has changed. Where bars were only appended,
-- their rows alone are added. All or nothing: the rows, and the state row that describes them,
-- come with the caller's COMMIT.
--
-- SECURITY DEFINER: who computes need not own the tables.
CREATE OR REPLACE FUNCTION bqx.backfill(family text, pair text, month date, force boolean DEFAULT false)
RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
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
    digest text;
    kept bqx.partition_state;
    write text := 'all rows';
    rows_written bigint := 0;
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

    source := bqx.read_source(checked_family, checked_pair, checked_month);
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

    digest := bqx.source_digest(source.times, source.indexes);
    IF NOT coalesce(force, false) THEN
        SELECT s.* INTO kept FROM bqx.partition_state s
        WHERE s.family = checked_family AND s.pair = checked_pair AND s.month = checked_month;
        write := bqx.pending_write(kept, source.times, source.indexes, digest, source.windows, source.baseline_rate,
            session_version, source.skip);
    END IF;
    IF write = 'all rows' THEN
        rows_written := bqx.write_partition(
            checked_family, checked_pair, checked_month, source.times, source.indexes, source.windows, source.skip);
    ELSIF write = 'new rows' THEN
        rows_written := bqx.insert_rows(
            name, checked_family, checked_pair, source.times, source.indexes, source.windows,
            source.skip + kept.rows::int);
    END IF;
    -- A session may change to a new jar at any statement: the rows are of the version that was there before
    -- them and is there after them.
    IF bqx.functions_version() IS DISTINCT FROM session_version THEN
        RAISE EXCEPTION 'the functions changed from % to % while % was computed',
            session_version, bqx.functions_version(), name
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Call again.';
    END IF;

    INSERT INTO bqx.partition_state AS s (
        family, pair, month, state, rows, source_from, source_revision, source_digest, windows, baseline_rate,
        functions_version, last_write, last_rows, attempts, backend_pid, started_at, finished_at)
    VALUES (
        checked_family, checked_pair, checked_month, 'done', source.bars - source.skip, source.from_month,
        source.revision, digest, source.windows, source.baseline_rate, session_version, write, rows_written, 1, pg_backend_pid(), started, clock_timestamp())
    ON CONFLICT (family, pair, month) DO UPDATE
    SET state = excluded.state, rows = excluded.rows, source_from = excluded.source_from,
        source_revision = excluded.source_revision, source_digest = excluded.source_digest,
        windows = excluded.windows, baseline_rate = excluded.baseline_rate,
        functions_version = excluded.functions_version, last_write = excluded.last_write,
        last_rows = excluded.last_rows, attempts = s.attempts + 1,
        backend_pid = excluded.backend_pid, started_at = excluded.started_at, finished_at = excluded.finished_at,
        sqlstate = NULL, error = NULL;
    RETURN rows_written;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.backfill TO bqx_runner;
