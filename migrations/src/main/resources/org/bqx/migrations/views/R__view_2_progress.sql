SET LOCAL ROLE bqx_owner;

-- Every partition that has bars or was tried, with its state: missing, running, done, stale, failed, no bars.
-- running is read from the lock that a computing backend holds, so it is true whatever was killed.
CREATE OR REPLACE VIEW bqx.progress AS
WITH running AS (
    SELECT (classid::bigint << 32) + objid::bigint AS key, pid FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
), candidate AS (
    SELECT f.family, m.pair, m.month FROM bqx.feature f CROSS JOIN bqx.m1_month m
    UNION
    SELECT s.family, s.pair, s.month FROM bqx.partition_state s
)
SELECT c.family, c.pair, c.month,
    CASE
        WHEN r.pid IS NOT NULL THEN 'running'
        WHEN s.state = 'failed' THEN 'failed'
        WHEN s.state = 'done' AND f.stale_because IS NULL THEN 'done'
        WHEN s.state = 'done' THEN 'stale'
        WHEN coalesce(m.bars, 0) = 0 THEN 'no bars'
        ELSE 'missing'
    END AS state,
    CASE WHEN s.state = 'failed' THEN s.error ELSE f.stale_because END AS reason,
    coalesce(m.bars, 0) AS bars,
    s.rows,
    s.attempts,
    coalesce(r.pid, s.backend_pid) AS backend_pid,
    s.started_at,
    s.finished_at,
    s.sqlstate
FROM candidate c
LEFT JOIN bqx.m1_month m ON m.pair = c.pair AND m.month = c.month
LEFT JOIN bqx.partition_state s ON s.family = c.family AND s.pair = c.pair AND s.month = c.month
LEFT JOIN bqx.partition_freshness f ON f.family = c.family AND f.pair = c.pair AND f.month = c.month
LEFT JOIN running r ON r.key = bqx.partition_lock(c.family, c.pair, c.month);
