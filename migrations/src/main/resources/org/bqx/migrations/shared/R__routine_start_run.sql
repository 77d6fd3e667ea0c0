SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.start_run(parameters jsonb, keep_runs int) RETURNS int
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    started int;
BEGIN
    IF keep_runs IS NULL OR keep_runs < 1 THEN
        RAISE EXCEPTION 'keep_runs is %: must be 1 or more', coalesce(keep_runs::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO bqx.run (role_name, client, application_name, parameters, started_at)
    VALUES (session_user, inet_client_addr(), current_setting('application_name'), start_run.parameters,
        clock_timestamp())
    RETURNING run_id INTO started;
    -- Two keys: a lock of another space than the partitions'.
    PERFORM pg_advisory_lock(6451576, started);
    DELETE FROM bqx.run
    WHERE run_id <= started - keep_runs
        AND run_id IN (SELECT h.run_id FROM bqx.run_history h WHERE h.outcome <> 'running');
    RETURN started;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.start_run TO bqx_runner;
COMMENT ON FUNCTION bqx.start_run IS
    'Opens a row of bqx.run and returns its number. The session holds a lock for as long as it lives, so that'
    ' bqx.run_history can tell a run that goes on from one that was killed. Ended runs before the last keep_runs are'
    ' deleted.';
