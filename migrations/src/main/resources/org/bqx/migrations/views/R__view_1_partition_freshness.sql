SET LOCAL ROLE bqx_owner;

-- Each partition that was ever tried, and why its rows, if it has any, are no longer what its bars,
-- baseline, windows and functions would give now.
CREATE OR REPLACE VIEW bqx.partition_freshness AS
SELECT s.family, s.pair, s.month, s.state,
    CASE WHEN s.rows IS NOT NULL THEN
        nullif(concat_ws(', ',
            CASE
                WHEN s.baseline_rate IS DISTINCT FROM b.baseline_rate THEN 'baseline changed'
                WHEN s.source_revision IS DISTINCT FROM (
                    SELECT sum(m.revision) FROM bqx.m1_month m
                    WHERE m.pair = s.pair AND m.month BETWEEN s.source_from AND s.month) THEN 'bars changed'
            END,
            CASE WHEN s.windows <> f.windows THEN 'windows changed' END,
            CASE WHEN s.functions_version IS DISTINCT FROM j.version THEN 'functions changed' END), '')
    END AS stale_because
FROM bqx.partition_state s
JOIN bqx.feature f ON f.family = s.family
LEFT JOIN bqx.baseline_rates b ON b.pair = s.pair
LEFT JOIN bqx.functions_jar j ON true;
