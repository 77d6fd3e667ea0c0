SET LOCAL ROLE bqx_owner;

-- running is read from the lock that a computing backend holds, so it is true whatever was killed.
CREATE OR REPLACE VIEW bqx.progress AS
WITH running AS (
    SELECT (classid::bigint << 32) + objid::bigint AS key, pid FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
),
-- The market has a bar where any of its pairs has one: as many as this, or more.
market AS (
    SELECT m.month, max(m.bars) AS bars, bool_or(m.month >= p.kept_from) AS is_kept
    FROM bqx.related_pairs('market') r
    JOIN bqx.pair p ON p.pair = r.related
    JOIN bqx.source_month m ON m.pair = p.pair
    GROUP BY m.month
)
SELECT family, pair, month,
    CASE
        WHEN r.pid IS NOT NULL THEN 'running'
        -- Before all that was computed: nothing is to be done of such a month.
        WHEN coalesce(m.bars, 0) = 0 THEN 'no bars'
        WHEN q.family IS NOT NULL AND m.quotes = 0 THEN 'no quotes'
        WHEN s.state = 'failed' THEN 'failed'
        WHEN s.state = 'done' AND s.stale_because IS NULL THEN 'done'
        WHEN s.state = 'done' THEN 'stale'
        ELSE 'missing'
    END AS state,
    CASE
        WHEN r.pid IS NULL AND coalesce(m.bars, 0) = 0 AND s.rows IS NOT NULL THEN 'its bars are gone, its rows are not'
        WHEN r.pid IS NULL AND coalesce(m.bars, 0) = 0 THEN NULL
        WHEN r.pid IS NULL AND q.family IS NOT NULL AND m.quotes = 0 THEN
            CASE WHEN s.rows IS NOT NULL THEN 'its quotes are gone, its rows are not' END
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
    s.rows_open
-- Not a FULL JOIN, through which no condition on a partition would reach the tables.
FROM (
    SELECT f.family, m.pair, m.month FROM bqx.feature f CROSS JOIN bqx.m1_month m JOIN bqx.pair p ON p.pair = m.pair
    WHERE f.enabled AND m.month >= p.kept_from
        AND f.family NOT IN (SELECT d.family FROM bqx.feature_definition d WHERE d.scope = 'market')
    UNION
    SELECT f.family, 'market', m.month FROM bqx.family f CROSS JOIN market m
    WHERE f.enabled AND f.scope = 'market' AND m.is_kept
        AND 'market' NOT IN (SELECT e.pair FROM bqx.pair_elsewhere e)
    UNION
    SELECT s.family, s.pair, s.month FROM bqx.partition_state s JOIN bqx.feature f ON f.family = s.family
    WHERE f.enabled
) partition
LEFT JOIN (
    SELECT m.pair, m.month, m.bars, m.quotes FROM bqx.m1_month m
    UNION ALL
    SELECT 'market', m.month, m.bars, NULL FROM market m
) m USING (pair, month)
LEFT JOIN (SELECT d.family FROM bqx.feature_definition d WHERE d.inputs && '{bid,ask}') q USING (family)
LEFT JOIN bqx.partition_freshness s USING (family, pair, month)
LEFT JOIN running r ON r.key = bqx.partition_lock(family, pair, month);
COMMENT ON VIEW bqx.progress IS
    'every partition of the enabled families that has bars or was tried, and how it stands with it';
COMMENT ON COLUMN bqx.progress.state IS
    'missing, running, done, stale, failed, no bars, or no quotes: no bar has the bid and ask that the family reads';
COMMENT ON COLUMN bqx.progress.reason IS 'why it failed or is stale, else NULL';
COMMENT ON COLUMN bqx.progress.bars IS 'bars of the month; of the market the most that one of its pairs has';
COMMENT ON COLUMN bqx.progress.backend_pid IS 'server process that computes it, or that tried last';
