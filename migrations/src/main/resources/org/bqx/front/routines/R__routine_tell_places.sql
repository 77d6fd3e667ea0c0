SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.tell_places() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM bqx.call_node(n.node, 'note_pairs', jsonb_build_object('elsewhere', (
        SELECT coalesce(jsonb_object_agg(p.pair, p.node), '{}') FROM bqx.pair_node p WHERE p.node <> n.node)))
    FROM bqx.node n ORDER BY n.node;
END
$$;
COMMENT ON FUNCTION bqx.tell_places IS 'Tells every node which pairs live on others.';
