SET LOCAL ROLE bqx_owner;

-- bqx.partition_state, and why a partition's rows, if it has any, are no longer what its
-- bars, baseline, windows and functions would give now.
CREATE OR REPLACE VIEW bqx.partition_freshness AS
SELECT s.*,
    CASE WHEN s.rows IS NOT NULL THEN
        nullif(concat_ws(', ',
            CASE
                WHEN s.baseline_rate IS DISTINCT FROM b.baseline_rate THEN 'baseline changed'
                WHEN s.source_revision IS DISTINCT FROM (
                    SELECT sum(m.revision) FROM bqx.m1_month m
                    WHERE m.pair = s.pair AND m.month BETWEEN s.source_from AND s.month) THEN 'bars changed'
            END,
            CASE WHEN s.windows <> f.windows THEN 'windows changed' END,
            CASE WHEN s.functions_version IS DISTINCT FROM (SELECT version FROM bqx.functions_jar) THEN 'functions changed' END), '')
    END AS stale_because
FROM bqx.partition_state s
JOIN bqx.feature f ON f.family = s.family
LEFT JOIN bqx.baseline_rates b ON b.pair = s.pair;
