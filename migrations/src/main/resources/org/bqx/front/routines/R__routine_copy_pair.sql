SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.copy_pair(pair text, node text) RETURNS void
LANGUAGE plpgsql
SET role = bqx_owner
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
-- The baseline goes as text.
SET extra_float_digits = 1
AS $$
#variable_conflict use_variable
DECLARE
    new_node CONSTANT text := bqx.check_node(node);
    old_node CONSTANT text := bqx.node_of(pair);
    months jsonb;
    baseline jsonb;
    one record;
BEGIN
    LOCK TABLE bqx.pair_node IN SHARE ROW EXCLUSIVE MODE;
    -- Who brings bars, or computes, through the front has ended before the first word to a node.
    PERFORM pg_advisory_xact_lock(bqx.baseline_lock(NULL));
    PERFORM pg_advisory_xact_lock(bqx.baseline_lock(pair));
    -- Nor does anybody compute it meanwhile.
    PERFORM bqx.lock_partition(f.family, copy_pair.pair, k.month)
    FROM bqx.family f
    JOIN (SELECT DISTINCT m.pair, m.month FROM bqx.pair_month m) k ON k.pair = copy_pair.pair OR copy_pair.pair = 'market'
    WHERE f.enabled AND (f.scope = 'market') = (copy_pair.pair = 'market')
    GROUP BY f.family, k.month;
    months := (
        SELECT jsonb_object_agg(m.month, m.revision ORDER BY m.month) FROM bqx.m1_month m WHERE m.pair = copy_pair.pair);
    baseline := (SELECT to_jsonb(b) FROM bqx.baseline_rates b WHERE b.pair = copy_pair.pair);

    UPDATE bqx.pair_node p SET node = new_node WHERE p.pair = copy_pair.pair;
    PERFORM bqx.tell_places();
    IF pair <> 'market' AND months IS NOT NULL THEN
        PERFORM bqx.call_node(new_node, 'create_months',
            (SELECT jsonb_build_object('from_month', min(k), 'to_month', max(k)) FROM jsonb_object_keys(months) k), pair);
        EXECUTE format('CREATE FOREIGN TABLE bqx.moved_bars (%s) SERVER %I OPTIONS (schema_name ''bqx'', table_name %L)', (
            SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = 'bqx.m1'::regclass AND a.attnum > 0 AND NOT a.attisdropped),
            'bqx_' || new_node, 'm1');
        EXECUTE format('INSERT INTO bqx.moved_bars (%1$s) SELECT %1$s FROM bqx.%2$I', (
            SELECT string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = 'bqx.m1'::regclass AND a.attnum > 0 AND NOT a.attisdropped),
            'm1_' || pair);
        DROP FOREIGN TABLE bqx.moved_bars;
        PERFORM bqx.call_node(new_node, 'adopt_pair', jsonb_build_object('months', months, 'baseline', baseline,
            'kept_from', (SELECT p.kept_from FROM bqx.pair p WHERE p.pair = copy_pair.pair)), pair);
    END IF;

    FOR one IN SELECT k.kind FROM (SELECT 'm1' AS kind UNION ALL SELECT f.family FROM bqx.feature f) k LOOP
        EXECUTE format('DROP FOREIGN TABLE IF EXISTS bqx.%I', one.kind || '_' || pair);
    END LOOP;
    PERFORM bqx.attach_nodes(ARRAY[old_node, new_node]);
    PERFORM bqx.create_pair_tables(pair);
END
$$;
COMMENT ON FUNCTION bqx.copy_pair IS
    'The first step of bqx.move_pair: copies bars and baseline to another node, and has all the front reads of the pair'
    ' read there. The old node keeps what it has.';
