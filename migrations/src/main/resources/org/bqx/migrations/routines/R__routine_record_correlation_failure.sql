SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.record_correlation_failure(
    target text, pair text, month date, sqlstate text, message text)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
    checked_month CONSTANT date := bqx.check_month(month);
BEGIN
    IF pg_try_advisory_xact_lock(bqx.correlation_lock(lower(target), checked_pair, checked_month)) THEN
        INSERT INTO bqx.target_corr_state AS s (
            target, pair, month, state, attempts, backend_pid, started_at, finished_at, sqlstate, error)
        VALUES (
            lower(target), checked_pair, checked_month, 'failed', 1, pg_backend_pid(), now(), now(),
            sqlstate, coalesce(message, ''))
        ON CONFLICT ON CONSTRAINT target_corr_state_pkey DO UPDATE
        SET state = excluded.state, attempts = s.attempts + 1, backend_pid = excluded.backend_pid,
            started_at = excluded.started_at, finished_at = excluded.finished_at, sqlstate = excluded.sqlstate,
            error = excluded.error;
    END IF;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.record_correlation_failure TO bqx_runner;
COMMENT ON FUNCTION bqx.record_correlation_failure IS
    'Records that a pair''s month could not be correlated, after the transaction that tried has rolled back. What'
    ' is known of the rows that are there stays. Says nothing when somebody else has it by now.';
