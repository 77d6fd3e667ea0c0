SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.record_failure(family text, pair text, month date, sqlstate text, message text)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    checked_family CONSTANT text := bqx.check_family(family);
    checked_pair CONSTANT text := bqx.check_partition_pair(checked_family, pair);
    checked_month CONSTANT date := bqx.check_month(month);
BEGIN
    IF NOT pg_try_advisory_xact_lock(bqx.partition_lock(checked_family, checked_pair, checked_month)) THEN
        RETURN;
    END IF;
    INSERT INTO bqx.partition_state AS s (
        family, pair, month, state, attempts, backend_pid, started_at, finished_at, sqlstate, error)
    VALUES (
        checked_family, checked_pair, checked_month, 'failed', 1, pg_backend_pid(), now(), now(),
        record_failure.sqlstate,
        -- What Java calls its exceptions says nothing to whoever reads why a partition failed.
        regexp_replace(coalesce(message, ''), '^java\.sql\.SQLException: ', ''))
    ON CONFLICT (family, pair, month) DO UPDATE
    SET state = excluded.state, attempts = s.attempts + 1, backend_pid = excluded.backend_pid,
        started_at = excluded.started_at, finished_at = excluded.finished_at,
        sqlstate = excluded.sqlstate, error = excluded.error;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.record_failure TO bqx_runner;
COMMENT ON FUNCTION bqx.record_failure IS
    'Records that a partition could not be computed, after the transaction that tried has rolled back. What is'
    ' known of the rows that the partition still holds stays. Says nothing when somebody else has it by now.';
