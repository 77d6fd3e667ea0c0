SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: a front drops so what a pair that has moved has left.
CREATE OR REPLACE FUNCTION bqx.release_pair(pair text) RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    part regclass;
BEGIN
    IF NOT EXISTS (SELECT FROM bqx.pair_elsewhere e WHERE e.pair = release_pair.pair) THEN
        RAISE EXCEPTION 'pair % does not live on another node', pair USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    FOR part IN
        SELECT i.inhrelid::regclass
        FROM (SELECT 'm1' UNION ALL SELECT f.family FROM bqx.feature f) k (kind)
        JOIN pg_inherits i ON i.inhparent = to_regclass(format('bqx.%I', k.kind || '_' || release_pair.pair))
        ORDER BY 1
    LOOP
        EXECUTE format('DROP TABLE %s', part);
    END LOOP;
    DELETE FROM bqx.target_corr c WHERE c.pair = release_pair.pair;
    DELETE FROM bqx.target_corr_state s WHERE s.pair = release_pair.pair;
    DELETE FROM bqx.partition_state s WHERE s.pair = release_pair.pair;
    DELETE FROM bqx.bar_gap g WHERE g.pair = release_pair.pair;
    DELETE FROM bqx.acknowledged_gap g WHERE g.pair = release_pair.pair;
    DELETE FROM bqx.bar_coverage c WHERE c.pair = release_pair.pair;
    DELETE FROM bqx.m1_month m WHERE m.pair = release_pair.pair;
    DELETE FROM bqx.baseline_rates b WHERE b.pair = release_pair.pair;
END
$$;
COMMENT ON FUNCTION bqx.release_pair IS
    'Drops bars, features and state of a pair that lives on another node by now; the pair stays known. For a front'
    ' alone.';
