SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE VIEW bqx.stray_table AS
SELECT f.family, p.pair, c.relname::text AS name
FROM bqx.feature f
CROSS JOIN (SELECT pair FROM bqx.pair UNION ALL SELECT 'market') p
JOIN pg_inherits i ON i.inhparent = to_regclass(format('bqx.%I', f.family || '_' || p.pair))
JOIN pg_class c ON c.oid = i.inhrelid
WHERE NOT EXISTS (
    SELECT FROM bqx.partition_state s
    WHERE s.family = f.family AND s.pair = p.pair AND s.rows IS NOT NULL
        AND bqx.partition_name(s.family, s.pair, s.month) = c.relname);
COMMENT ON VIEW bqx.stray_table IS 'partitions of families that bqx.partition_state knows nothing of';
COMMENT ON COLUMN bqx.stray_table.family IS 'the family';
COMMENT ON COLUMN bqx.stray_table.pair IS 'the pair; market for a family of the market';
COMMENT ON COLUMN bqx.stray_table.name IS 'name of the table';
