SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.partition_lock(family text, pair text, month date) RETURNS bigint
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT (6451576::bigint << 32) + (feature.family_no * 1000 + pair_row.pair_no) * 12000
        + extract(year FROM month)::int % 1000 * 12 + extract(month FROM month)::int
    FROM bqx.feature, (SELECT pair, pair_no FROM bqx.pair UNION ALL SELECT 'market', 0) pair_row
    WHERE feature.family = partition_lock.family AND pair_row.pair = partition_lock.pair;
END;
GRANT EXECUTE ON FUNCTION bqx.partition_lock TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.partition_lock IS
    'The key of the advisory lock that whoever computes a partition holds, one key a partition: ''bqx'' in ASCII'
    ' above 32 bits of family, pair and month. In pg_locks these are classid and objid.';
