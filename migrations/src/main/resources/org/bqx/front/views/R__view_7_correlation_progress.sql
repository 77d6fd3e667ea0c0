SET LOCAL ROLE bqx_owner;

-- Node by node, so that one that does not answer takes no other with it.
CREATE OR REPLACE VIEW bqx.correlation_progress AS
SELECT s.family, s.pair, s.month,
    CASE WHEN f.pair IS NOT NULL THEN 'failed' ELSE s.state END AS state,
    CASE WHEN f.pair IS NOT NULL THEN f.error ELSE s.reason END AS reason,
    s.bars, s.rows, s.attempts, s.backend_pid, s.started_at, s.finished_at, coalesce(f.sqlstate, s.sqlstate) AS sqlstate,
    s.last_write, s.last_rows, s.rows_open
FROM (SELECT p.* FROM bqx.node n CROSS JOIN LATERAL bqx.correlation_progress_of(n.node) p) s
LEFT JOIN bqx.unrecorded_failure f ON f.family = s.family AND f.pair = s.pair AND f.month = s.month
    AND f.failed_at > coalesce(s.finished_at, '-infinity') AND s.state NOT IN ('unreachable', 'running', 'no bars', 'no quotes');
COMMENT ON VIEW bqx.correlation_progress IS
    'every month of a pair that is to be correlated with a target, and how it stands with it';
COMMENT ON COLUMN bqx.correlation_progress.family IS 'the target, in the place that a family has in bqx.progress';
COMMENT ON COLUMN bqx.correlation_progress.state IS 'missing, running, done, stale, failed or no bars';
COMMENT ON COLUMN bqx.correlation_progress.reason IS 'why it failed or is stale, else NULL';
COMMENT ON COLUMN bqx.correlation_progress.bars IS 'bars of the month';
COMMENT ON COLUMN bqx.correlation_progress.backend_pid IS 'server process that computes it, or that tried last';
COMMENT ON COLUMN bqx.correlation_progress.rows_open IS 'always NULL; bqx.progress has such a column';
