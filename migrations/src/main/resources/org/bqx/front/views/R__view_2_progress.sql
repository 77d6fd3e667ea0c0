SET LOCAL ROLE bqx_owner;

-- Node by node, so that one that does not answer takes no other with it. A node does not see that the bars it has
-- copied from another have changed there, nor what failed while it did not answer.
CREATE OR REPLACE VIEW bqx.progress AS
WITH answer AS MATERIALIZED (
    -- A market that is on no node each of them takes for its own.
    SELECT p.* FROM bqx.node n CROSS JOIN LATERAL bqx.progress_of(n.node) p
    WHERE p.pair <> 'market' OR n.node = (SELECT m.node FROM bqx.pair_node m WHERE m.pair = 'market')
), other_month AS MATERIALIZED (
    SELECT m.* FROM bqx.node n CROSS JOIN LATERAL bqx.months_of(n.node) m
    WHERE EXISTS (SELECT FROM bqx.family f WHERE f.enabled AND f.related_max_age IS NOT NULL)
), seen AS (
    SELECT * FROM answer a
    WHERE a.pair <> 'market' OR a.state <> 'no bars'
        OR NOT EXISTS (
            SELECT FROM bqx.related_pairs('market') r JOIN other_month o ON o.pair = r.related
            WHERE o.month = a.month AND o.bars > 0)
    UNION ALL
    -- Of the market a node knows the months of its own pairs, and of those that were brought there; no node knows any
    -- while it is on none.
    SELECT f.family, 'market', m.month, 'missing', NULL, m.bars, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, NULL
    FROM bqx.family f
    CROSS JOIN (
        SELECT o.month, max(o.bars) AS bars
        FROM bqx.related_pairs('market') r
        JOIN other_month o ON o.pair = r.related
        JOIN bqx.pair p ON p.pair = r.related AND o.month >= p.kept_from
        WHERE o.bars > 0
        GROUP BY o.month
    ) m
    WHERE f.enabled AND f.scope = 'market' AND NOT EXISTS (
        SELECT FROM answer a WHERE a.family = f.family AND a.pair = 'market' AND a.month = m.month AND a.state <> 'no bars')
)
SELECT s.family, s.pair, s.month,
    CASE WHEN f.pair IS NOT NULL THEN 'failed' WHEN c.has_changed THEN 'stale' ELSE s.state END AS state,
    CASE WHEN f.pair IS NOT NULL THEN f.error WHEN c.has_changed THEN 'bars of another node changed' ELSE s.reason END AS reason,
    s.bars, s.rows, s.attempts, s.backend_pid, s.started_at, s.finished_at, coalesce(f.sqlstate, s.sqlstate) AS sqlstate,
    s.last_write, s.last_rows, s.rows_open
FROM seen s
LEFT JOIN bqx.unrecorded_failure f ON f.family = s.family AND f.pair = s.pair AND f.month = s.month
    AND f.failed_at > coalesce(s.finished_at, '-infinity') AND s.state NOT IN ('unreachable', 'running', 'no bars', 'no quotes')
CROSS JOIN LATERAL (
    SELECT s.state = 'done' AND s.source_pairs IS NOT NULL AND (
        SELECT sum(m.revision) IS DISTINCT FROM s.source_revision AND count(*) = count(m.revision)
        FROM other_month m
        WHERE m.pair = ANY (s.source_pairs) AND m.month BETWEEN s.source_from AND s.source_to) AS has_changed
    OFFSET 0
) c;
COMMENT ON VIEW bqx.progress IS
    'every partition of the enabled families that has bars or was tried, and how it stands with it';
COMMENT ON COLUMN bqx.progress.state IS
    'missing, running, done, stale, failed, no bars, no quotes: no bar has the bid and ask that the family reads, or'
    ' unreachable: the pair''s node does not answer';
COMMENT ON COLUMN bqx.progress.reason IS 'why it failed or is stale, else NULL';
COMMENT ON COLUMN bqx.progress.bars IS 'bars of the month; of the market the most that one of its pairs has';
COMMENT ON COLUMN bqx.progress.backend_pid IS 'server process that computes it, or that tried last';
