SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.correlation_lock(target text, pair text, month date) RETURNS bigint
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT (6451576::bigint << 32) + (c.correlation_no::bigint * 1000 + p.pair_no) * 12000
        + extract(year FROM month)::int % 1000 * 12 + extract(month FROM month)::int
    FROM bqx.correlation c, bqx.pair p
    WHERE c.target = correlation_lock.target AND p.pair = correlation_lock.pair;
END;
GRANT EXECUTE ON FUNCTION bqx.correlation_lock TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.correlation_lock IS
    'The key of the advisory lock that whoever correlates a pair''s month with a target holds: bqx.partition_lock'
    ' with the correlation''s number, which no family has, in the place of the family''s.';
