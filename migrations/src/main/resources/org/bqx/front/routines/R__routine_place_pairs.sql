SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.place_pairs(node text, pairs text[]) RETURNS void
LANGUAGE plpgsql
SET role = bqx_owner
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    wanted CONSTANT text[] := ARRAY(SELECT DISTINCT lower(p) FROM unnest(pairs) p ORDER BY 1);
    one record;
BEGIN
    PERFORM bqx.check_node(node);
    PERFORM bqx.check_pair(p) FROM unnest(wanted) p WHERE p IS DISTINCT FROM 'market';
    LOCK TABLE bqx.pair_node IN SHARE ROW EXCLUSIVE MODE;
    FOR one IN SELECT p.pair, p.node FROM bqx.pair_node p WHERE p.pair = ANY (wanted) AND p.node <> place_pairs.node LOOP
        RAISE EXCEPTION 'pair % is on node %', one.pair, one.node
            USING ERRCODE = 'object_in_use', HINT = format('./bqx node move %s %s', one.pair, node);
    END LOOP;
    INSERT INTO bqx.pair_node (pair, node) SELECT p, node FROM unnest(wanted) p ON CONFLICT DO NOTHING;
    PERFORM bqx.tell_places();
    PERFORM bqx.attach_nodes(ARRAY[node]);
    PERFORM bqx.create_pair_tables(p) FROM unnest(wanted) p;
END
$$;
COMMENT ON FUNCTION bqx.place_pairs IS
    'Says that pairs, which are on no node yet, live on a node: their bars are written there, and their families'
    ' computed. market stands for the families of the market. For the owner of the schema and superusers alone.';
