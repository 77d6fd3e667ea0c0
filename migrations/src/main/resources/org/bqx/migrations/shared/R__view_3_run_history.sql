SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE VIEW bqx.run_history AS
SELECT r.run_id, r.role_name, r.client, r.application_name, r.parameters, r.started_at, r.finished_at,
    CASE
        WHEN r.outcome IS NOT NULL THEN r.outcome
        WHEN EXISTS (
            SELECT FROM pg_locks
            WHERE locktype = 'advisory' AND objsubid = 2 AND classid = 6451576 AND objid = r.run_id::bigint::oid
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        ) THEN 'running'
        ELSE 'lost'
    END AS outcome,
    r.planned, r.computed, r.failed, r.rows
FROM bqx.run r;
COMMENT ON VIEW bqx.run_history IS 'who ran a backfill, when, with which parameters, and how it ended or that it runs';
COMMENT ON COLUMN bqx.run_history.outcome IS
    'as in bqx.run; while there is none, running, or lost when its session is gone';
