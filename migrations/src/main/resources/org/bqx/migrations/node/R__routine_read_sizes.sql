SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.read_sizes() RETURNS TABLE (family text, pair text, bytes bigint)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
-- Reading a size takes a lock for a moment: never queue long behind a partition's swap.
SET lock_timeout = '2s'
BEGIN ATOMIC
    SELECT k.kind, p.pair, coalesce(sum(pg_total_relation_size(t.relid)), 0)::bigint
    FROM (SELECT 'm1' AS kind UNION ALL SELECT f.family FROM bqx.feature f) k
    CROSS JOIN (SELECT pair FROM bqx.pair UNION ALL SELECT 'market') p
    JOIN LATERAL pg_partition_tree(to_regclass(format('bqx.%I', k.kind || '_' || p.pair))) t ON t.isleaf
    GROUP BY k.kind, p.pair;
END;
GRANT EXECUTE ON FUNCTION bqx.read_sizes TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.read_sizes IS
    'Bytes on disk of the bars (m1) and the families of each pair, indexes included. Fails with 55P03 when a table is'
    ' locked for two seconds.';
