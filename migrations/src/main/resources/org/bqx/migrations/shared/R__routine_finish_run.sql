SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.finish_run(
    run_id int, outcome text, planned int, computed int, failed int, rows bigint)
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    UPDATE bqx.run r
    SET finished_at = clock_timestamp(), outcome = finish_run.outcome, planned = finish_run.planned,
        computed = finish_run.computed, failed = finish_run.failed, rows = finish_run.rows
    WHERE r.run_id = finish_run.run_id AND r.role_name = session_user AND r.finished_at IS NULL;
END;
GRANT EXECUTE ON FUNCTION bqx.finish_run TO bqx_runner;
COMMENT ON FUNCTION bqx.finish_run IS 'Says how a run of the caller''s ended.';
