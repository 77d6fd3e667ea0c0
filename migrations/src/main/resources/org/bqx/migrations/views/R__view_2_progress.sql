SET LOCAL ROLE bqx_owner;

-- Every partition that has bars or was tried, with its state: missing, running, done, stale, failed, no bars.
-- running is read from the lock that a computing backend holds, so it is true whatever was killed.
CREATE OR REPLACE VIEW bqx.progress AS
WITH running AS (
    SELECT (classid::bigint << 32) + objid::bigint AS key, pid FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT family, pair, month,
    CASE
        WHEN r.pid IS NOT NULL THEN 'running'
        WHEN s.state = 'failed' THEN 'failed'
        WHEN s.state = 'done' AND s.stale_because IS NULL THEN 'done'
        WHEN s.state = 'done' THEN 'stale'
        WHEN coalesce(m.bars, 0) = 0 THEN 'no bars'
        ELSE 'missing'
    END AS state,
    CASE WHEN s.state = 'failed' THEN s.error ELSE s.stale_because END AS reason,
    coalesce(m.bars, 0) AS bars,
    s.rows,
    s.attempts,
    coalesce(r.pid, s.backend_pid) AS backend_pid,
    s.started_at,
    s.finished_at,
    s.sqlstate,
    s.last_write,
    s.last_rows
-- Not a FULL JOIN, through which no condition on a partition would reach the tables.
FROM (
    SELECT f.family, m1_month.pair, m1_month.month FROM bqx.feature f CROSS JOIN bqx.m1_month
    UNION
    SELECT partition_state.family, partition_state.pair, partition_state.month FROM bqx.partition_state
) partition
LEFT JOIN bqx.m1_month m USING (pair, month)
LEFT JOIN bqx.partition_freshness s USING (family, pair, month)
LEFT JOIN running r ON r.key = bqx.partition_lock(family, pair, month);
