SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: the tables are bqx_owner's whoever calls it, a front among them.
CREATE OR REPLACE FUNCTION bqx.remove_pair(pair text) RETURNS bqx.removal
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
    family text;
    removed bqx.removal;
BEGIN
    PERFORM bqx.lock_partition(s.family, s.pair, s.month) FROM bqx.partition_state s WHERE s.pair = checked_pair;
    INSERT INTO bqx.removal (pair, pair_no, bars, partitions, rows, bytes)
    SELECT checked_pair, (SELECT p.pair_no FROM bqx.pair p WHERE p.pair = checked_pair),
        (SELECT coalesce(sum(m.bars), 0) FROM bqx.m1_month m WHERE m.pair = checked_pair),
        count(s.rows), coalesce(sum(s.rows), 0), bqx.pair_bytes(checked_pair, DATE 'infinity')
    FROM bqx.partition_state s
    WHERE s.pair = checked_pair
    RETURNING * INTO removed;

    -- Of a pair that comes back with other bars as many changes may be counted as of this one.
    UPDATE bqx.partition_state s SET source_revision = 0
    WHERE checked_pair = ANY (s.source_pairs) AND EXISTS (
        SELECT FROM bqx.source_month m WHERE m.pair = checked_pair AND m.month BETWEEN s.source_from AND s.source_to);
    IF to_regclass('bqx.pair_corr_month') IS NOT NULL THEN
        UPDATE bqx.pair_corr_month f SET source_revision = 0
        WHERE EXISTS (
            SELECT FROM bqx.m1_month m
            WHERE m.pair = checked_pair AND m.month IN (f.month, (f.month - INTERVAL '1 month')::date));
    END IF;

    EXECUTE format('DROP TABLE bqx.%I', 'm1_' || checked_pair);
    FOR family IN SELECT f.family FROM bqx.feature f LOOP
        EXECUTE format('DROP TABLE IF EXISTS bqx.%I', family || '_' || checked_pair);
    END LOOP;
    DELETE FROM bqx.partition_state s WHERE s.pair = checked_pair;
    DELETE FROM bqx.m1_month m WHERE m.pair = checked_pair;
    DELETE FROM bqx.baseline_rates b WHERE b.pair = checked_pair;
    DELETE FROM bqx.pair p WHERE p.pair = checked_pair;
    RETURN removed;
END
$$;
COMMENT ON FUNCTION bqx.remove_pair IS
    'Removes a pair with its bars, its features and their state, for good. Says what that was, and keeps a record'
    ' of it in bqx.removal. For the owner of the schema and superusers alone.';
