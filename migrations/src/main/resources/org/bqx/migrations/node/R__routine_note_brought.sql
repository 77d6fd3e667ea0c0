SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: a front writes here so.
CREATE OR REPLACE FUNCTION bqx.note_brought(pairs text[]) RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    UPDATE bqx.pair_elsewhere e SET brought_at = clock_timestamp()
    WHERE e.pair = ANY (note_brought.pairs) AND e.brought_at IS NULL;
END;
COMMENT ON FUNCTION bqx.note_brought IS
    'Says that bqx.related_bar has all bars of pairs that live on other nodes. For a front alone.';
