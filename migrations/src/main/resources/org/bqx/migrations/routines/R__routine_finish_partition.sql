SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.finish_partition(work bqx.work, source bqx.source, rows_written bigint) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    expected CONSTANT bigint := source.bars - source.tail - work.first_bar;
BEGIN
    IF rows_written IS DISTINCT FROM expected THEN
        RAISE EXCEPTION '% rows came for %, expected are %',
            rows_written, bqx.partition_name(work.family, work.pair, work.month), expected
            USING ERRCODE = 'data_exception';
    END IF;
    IF work.write = 'all rows' THEN
        PERFORM bqx.replace_partition(work.family, work.pair, work.month, work.table_name);
    END IF;

    INSERT INTO bqx.partition_state AS s (
        family, pair, month, state, rows, rows_open, source_from, source_to, source_pairs, source_revision, source_digest,
        source_bars, windows, baseline_rate, functions_version, last_write, last_rows, attempts, backend_pid,
        started_at, finished_at)
    VALUES (
        work.family, work.pair, work.month, 'done', source.bars - source.skip - source.tail, source.open,
        source.from_month, source.to_month, source.pairs, source.revision, source.digest, source.bars, source.windows,
        source.baseline_rate, work.functions_version, work.write, rows_written, 1, pg_backend_pid(), work.started,
        clock_timestamp())
    ON CONFLICT (family, pair, month) DO UPDATE
    SET state = excluded.state, rows = excluded.rows, rows_open = excluded.rows_open,
        source_from = excluded.source_from, source_to = excluded.source_to, source_pairs = excluded.source_pairs,
        source_revision = excluded.source_revision, source_digest = excluded.source_digest,
        source_bars = excluded.source_bars, windows = excluded.windows, baseline_rate = excluded.baseline_rate,
        functions_version = excluded.functions_version, last_write = excluded.last_write,
        last_rows = excluded.last_rows, attempts = s.attempts + 1,
        backend_pid = excluded.backend_pid, started_at = excluded.started_at, finished_at = excluded.finished_at,
        sqlstate = NULL, error = NULL;
END
$$;
COMMENT ON FUNCTION bqx.finish_partition IS
    'The last of three steps: puts the rows in place that bqx.begin_partition asked for, and says so in the'
    ' partition''s state. rows_written is how many of them were brought. Of source, times and inputs are not read.';
