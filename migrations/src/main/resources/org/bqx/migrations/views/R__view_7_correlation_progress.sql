SET LOCAL ROLE bqx_owner;

-- bqx.progress of correlations, in the same columns: family is the target. Every month that has bars, of every target
-- that bqx.define_correlation was told of.
CREATE OR REPLACE VIEW bqx.correlation_progress AS
WITH running AS (
    SELECT (classid::bigint << 32) + objid::bigint AS key, pid FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT month_of_pair.target AS family, month_of_pair.pair, month_of_pair.month,
    CASE
        WHEN r.pid IS NOT NULL THEN 'running'
        -- Before all that was computed: nothing is to be done of such a month.
        WHEN coalesce(m.bars, 0) = 0 THEN 'no bars'
        WHEN s.state = 'failed' THEN 'failed'
        WHEN s.state = 'done' AND s.stale_because IS NULL THEN 'done'
        WHEN s.state = 'done' THEN 'stale'
        ELSE 'missing'
    END AS state,
    CASE
        WHEN r.pid IS NULL AND coalesce(m.bars, 0) = 0 AND s.rows IS NOT NULL THEN 'its bars are gone, its rows are not'
        WHEN r.pid IS NULL AND coalesce(m.bars, 0) = 0 THEN NULL
        WHEN s.state = 'failed' THEN s.error
        ELSE s.stale_because
    END AS reason,
    coalesce(m.bars, 0) AS bars,
    s.rows,
    s.attempts,
    coalesce(r.pid, s.backend_pid) AS backend_pid,
    s.started_at,
    s.finished_at,
    s.sqlstate,
    s.last_write,
    s.last_rows,
    NULL::bigint AS rows_open
FROM (
    SELECT c.target, m.pair, m.month FROM bqx.correlation c CROSS JOIN bqx.m1_month m
    UNION
    SELECT s.target, s.pair, s.month FROM bqx.target_corr_state s
) month_of_pair
JOIN bqx.pair p ON p.pair = month_of_pair.pair AND month_of_pair.month >= p.kept_from
LEFT JOIN bqx.m1_month m ON m.pair = month_of_pair.pair AND m.month = month_of_pair.month
LEFT JOIN bqx.correlation_freshness s
    ON s.target = month_of_pair.target AND s.pair = month_of_pair.pair AND s.month = month_of_pair.month
LEFT JOIN running r ON r.key = bqx.correlation_lock(month_of_pair.target, month_of_pair.pair, month_of_pair.month);
COMMENT ON VIEW bqx.correlation_progress IS
    'every month of a pair that is to be correlated with a target, and how it stands with it';
COMMENT ON COLUMN bqx.correlation_progress.family IS 'the target, in the place that a family has in bqx.progress';
COMMENT ON COLUMN bqx.correlation_progress.state IS 'missing, running, done, stale, failed or no bars';
COMMENT ON COLUMN bqx.correlation_progress.reason IS 'why it failed or is stale, else NULL';
COMMENT ON COLUMN bqx.correlation_progress.bars IS 'bars of the month';
COMMENT ON COLUMN bqx.correlation_progress.backend_pid IS 'server process that computes it, or that tried last';
COMMENT ON COLUMN bqx.correlation_progress.rows_open IS 'always NULL; bqx.progress has such a column';
