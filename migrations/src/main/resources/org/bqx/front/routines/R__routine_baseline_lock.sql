SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.baseline_lock(pair text) RETURNS bigint
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT (6451577::bigint << 32) + coalesce((SELECT p.pair_no FROM bqx.pair p WHERE p.pair = baseline_lock.pair), 0);
END;
COMMENT ON FUNCTION bqx.baseline_lock IS
    'The key of the advisory lock that bqx.set_baseline of a front holds, and, shared, who writes bars of the pair; of'
    ' NULL who writes bars through bqx.m1. Taken before the first word to the node, whose snapshot is then later.';
