SET LOCAL ROLE bqx_owner;

-- A holiday is where more than half of the pairs that have bars before and after lack most of it too (three pairs at
-- least).
CREATE OR REPLACE VIEW bqx.gap AS
SELECT g.pair, g.from_time, g.to_time, g.minutes,
    CASE
        WHEN a.pair IS NOT NULL THEN 'acknowledged'
        WHEN shared.pairs >= 3 AND 2 * shared.lacking > shared.pairs THEN 'holiday'
        ELSE 'open'
    END AS state,
    a.note, a.role_name, a.acknowledged_at
FROM bqx.bar_gap g
LEFT JOIN bqx.acknowledged_gap a ON a.pair = g.pair AND a.from_time = g.from_time AND a.to_time = g.to_time
CROSS JOIN LATERAL (
    SELECT count(*) AS pairs,
        count(*) FILTER (WHERE EXISTS (
            SELECT FROM bqx.bar_gap other
            WHERE other.pair = span.pair AND other.from_time < g.to_time AND other.to_time > g.from_time
                AND least(other.to_time, g.to_time) - greatest(other.from_time, g.from_time)
                    >= 0.8 * (g.to_time - g.from_time))) AS lacking
    FROM (
        SELECT c.pair FROM bqx.bar_coverage c
        GROUP BY c.pair
        HAVING min(c.first_bar) < g.from_time AND max(c.last_bar) >= g.to_time
    ) span
) shared;
COMMENT ON VIEW bqx.gap IS 'gaps of 30 minutes of an open market and more in the bars, and whether somebody knows of them';
COMMENT ON COLUMN bqx.gap.state IS 'open, acknowledged, or holiday: most other pairs lack these bars, too';
