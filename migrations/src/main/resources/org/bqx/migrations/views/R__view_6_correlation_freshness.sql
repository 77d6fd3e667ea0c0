SET LOCAL ROLE bqx_owner;

-- bqx.target_corr_state, and why its rows in bqx.target_corr, if there are any, may no longer be what bars and features
-- would give now.
CREATE OR REPLACE VIEW bqx.correlation_freshness AS
WITH wanted AS MATERIALIZED (
    SELECT c.target, c.windows, ARRAY(SELECT f.feature FROM bqx.features_like(c.features) f) AS features
    FROM bqx.correlation c
)
SELECT s.target, s.pair, s.month, s.state, s.rows, s.last_write, s.last_rows, s.attempts, s.backend_pid, s.started_at,
    s.finished_at, s.sqlstate, s.error, s.source_from, s.source_to,
    CASE WHEN s.state = 'done' THEN
        nullif(concat_ws(', ',
            CASE
                WHEN s.source_revision IS DISTINCT FROM (
                    SELECT sum(m.revision) FROM bqx.m1_month m
                    WHERE m.pair = s.pair AND m.month BETWEEN s.source_from AND s.source_to) THEN 'bars changed'
                WHEN s.source_partitions IS DISTINCT FROM
                    bqx.correlated_partitions(s.families, s.pair, s.source_from, s.source_to) THEN 'features changed'
            END,
            CASE WHEN s.features <> w.features THEN 'list of features changed' END,
            CASE WHEN s.windows <> w.windows THEN 'windows changed' END,
            CASE WHEN s.functions_version IS DISTINCT FROM bqx.correlation_version() THEN 'functions changed' END), '')
    END AS stale_because
FROM bqx.target_corr_state s
JOIN wanted w ON w.target = s.target;
COMMENT ON VIEW bqx.correlation_freshness IS
    'the state of each month of a pair that was correlated with a target, and why its rows are stale, if they are';
COMMENT ON COLUMN bqx.correlation_freshness.stale_because IS
    'why its rows are not those that would be computed now; NULL when they are, or it is not done';
