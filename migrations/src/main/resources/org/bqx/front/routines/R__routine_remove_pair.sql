SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: the tables are bqx_owner's whoever calls it.
CREATE OR REPLACE FUNCTION bqx.remove_pair(pair text) RETURNS bqx.removal
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
#variable_conflict use_variable
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
    home text;
    here jsonb;
    months date[];
    one record;
    removed bqx.removal;
BEGIN
    LOCK TABLE bqx.pair_node IN SHARE ROW EXCLUSIVE MODE;
    home := (SELECT p.node FROM bqx.pair_node p WHERE p.pair = checked_pair);
    -- Who brings bars, or computes, through the front has ended before the first word to a node.
    PERFORM pg_advisory_xact_lock(bqx.baseline_lock(NULL));
    PERFORM pg_advisory_xact_lock(bqx.baseline_lock(checked_pair));
    PERFORM bqx.lock_partition(f.family, checked_pair, k.month)
    FROM bqx.family f
    JOIN bqx.pair_month k ON k.pair = checked_pair
    WHERE f.enabled AND f.scope = 'pair';

    -- Of a pair that comes back with other bars as many changes may be counted as of this one.
    IF to_regclass('bqx.pair_corr_month') IS NOT NULL THEN
        months := ARRAY(SELECT m.month FROM bqx.m1_month m WHERE m.pair = checked_pair);
        UPDATE bqx.pair_corr_month f SET source_revision = 0
        WHERE f.month = ANY (months) OR (f.month - INTERVAL '1 month')::date = ANY (months);
    END IF;
    FOR one IN SELECT n.node FROM bqx.node n ORDER BY n.node LOOP
        here := bqx.call_node(one.node, 'remove_pair', '{}', checked_pair);
        CONTINUE WHEN one.node IS DISTINCT FROM home;
        removed := jsonb_populate_record(NULL::bqx.removal, here);
    END LOOP;
    INSERT INTO bqx.removal (pair, pair_no, bars, partitions, rows, bytes)
    SELECT checked_pair, p.pair_no, coalesce(removed.bars, 0), coalesce(removed.partitions, 0), coalesce(removed.rows, 0),
        coalesce(removed.bytes, 0)
    FROM bqx.pair p WHERE p.pair = checked_pair
    RETURNING * INTO removed;

    FOR one IN SELECT k.kind FROM (SELECT 'm1' AS kind UNION ALL SELECT f.family FROM bqx.feature f) k LOOP
        EXECUTE format('DROP FOREIGN TABLE IF EXISTS bqx.%I', one.kind || '_' || checked_pair);
    END LOOP;
    DELETE FROM bqx.pair_node p WHERE p.pair = checked_pair;
    DELETE FROM bqx.pair_month k WHERE k.pair = checked_pair;
    DELETE FROM bqx.unrecorded_failure f WHERE f.pair = checked_pair;
    DELETE FROM bqx.pair p WHERE p.pair = checked_pair;
    PERFORM bqx.attach_nodes(ARRAY[home]) WHERE home IS NOT NULL;
    PERFORM bqx.tell_places();
    RETURN removed;
END
$$;
COMMENT ON FUNCTION bqx.remove_pair IS
    'Removes a pair with its bars, its features and their state, for good, here and on all nodes, which have to answer.'
    ' Says what that was, and keeps a record of it in bqx.removal. For the owner of the schema and superusers alone.';
