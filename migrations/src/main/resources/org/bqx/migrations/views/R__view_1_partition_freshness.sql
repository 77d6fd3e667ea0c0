SET LOCAL ROLE bqx_owner;

-- bqx.partition_state, and why a partition's rows, if it has any, are no longer what its bars, baseline, windows
-- and functions would give now. New columns come last, so that the view can be replaced.
CREATE OR REPLACE VIEW bqx.partition_freshness AS
SELECT s.family, s.pair, s.month, s.state, s.rows, s.source_from, s.source_revision, s.source_digest, s.windows,
    s.baseline_rate, s.functions_version, s.last_write, s.last_rows, s.attempts, s.backend_pid, s.started_at,
    s.finished_at, s.sqlstate, s.error,
    CASE WHEN s.rows IS NOT NULL THEN
        nullif(concat_ws(', ',
            CASE WHEN NOT EXISTS (
                SELECT FROM pg_class c
                WHERE c.oid = to_regclass('bqx.' || bqx.partition_name(s.family, s.pair, s.month)) AND c.relispartition)
                THEN 'table is gone' END,
            CASE
                WHEN s.baseline_rate IS DISTINCT FROM b.baseline_rate THEN 'baseline changed'
                WHEN s.source_revision IS DISTINCT FROM (
                    SELECT sum(m.revision) FROM bqx.source_month m
                    WHERE m.pair = ANY (s.source_pairs) AND m.month BETWEEN s.source_from AND s.source_to)
                    THEN 'bars changed'
            END,
            CASE WHEN d.related_max_age IS NOT NULL AND NOT s.source_pairs @> ARRAY(
                SELECT r.related FROM bqx.related_pairs(s.pair) r WHERE r.related IS NOT NULL)
                THEN 'pairs changed' END,
            CASE WHEN s.windows <> f.windows THEN 'windows changed' END,
            CASE WHEN s.functions_version IS DISTINCT FROM f.functions_version THEN 'functions changed' END), '')
    END AS stale_because,
    s.source_to, s.source_pairs, s.source_bars, s.rows_open
FROM bqx.partition_state s
JOIN bqx.feature f ON f.family = s.family
LEFT JOIN bqx.feature_definition d ON d.family = s.family
LEFT JOIN bqx.baseline_rates b ON b.pair = s.pair;
COMMENT ON VIEW bqx.partition_freshness IS 'the state of each partition that was tried, and why its rows are stale, if they are';
COMMENT ON COLUMN bqx.partition_freshness.stale_because IS
    'why its rows are not those that would be computed now; NULL when they are, or there are none';
