SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: a front writes here so.
CREATE OR REPLACE FUNCTION bqx.note_pairs(elsewhere jsonb) RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    DELETE FROM bqx.related_bar b WHERE NOT elsewhere ? b.pair;
    DELETE FROM bqx.related_month m WHERE NOT elsewhere ? m.pair;
    DELETE FROM bqx.pair_elsewhere e WHERE NOT elsewhere ? e.pair;
    INSERT INTO bqx.pair_elsewhere AS e (pair, node)
    SELECT p.key, p.value FROM jsonb_each_text(elsewhere) p
    ON CONFLICT ON CONSTRAINT pair_elsewhere_pkey DO UPDATE SET node = excluded.node WHERE e.node <> excluded.node;
END
$$;
COMMENT ON FUNCTION bqx.note_pairs IS
    'Says which pairs live on other nodes, and on which: an object of pairs and nodes. For a front alone.';
