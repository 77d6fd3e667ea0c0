SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: the months are noted as bqx_owner whoever calls it.
CREATE OR REPLACE FUNCTION bqx.drop_months(before date) RETURNS SETOF bqx.removal
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    first_kept CONSTANT date := bqx.check_month(before);
    one record;
    dropped jsonb;
BEGIN
    -- Who brings bars through the front has ended before the first word to a node.
    PERFORM pg_advisory_xact_lock(bqx.baseline_lock(NULL));
    PERFORM pg_advisory_xact_lock(bqx.baseline_lock(p.pair)) FROM bqx.pair p ORDER BY p.pair_no;
    FOR one IN SELECT n.node FROM bqx.node n ORDER BY n.node LOOP
        dropped := bqx.call_node(one.node, 'drop_months', jsonb_build_object('before', first_kept));
        RETURN QUERY
        INSERT INTO bqx.removal (pair, before_month, bars, partitions, rows, bytes)
        SELECT d.pair, d.before_month, d.bars, d.partitions, d.rows, d.bytes
        FROM jsonb_populate_recordset(NULL::bqx.removal, dropped) d
        ORDER BY d.removal_id
        RETURNING *;
    END LOOP;
    PERFORM bqx.note_months(NULL);
    -- After bqx.note_months, to which lookback that it sees for the first time has come back. Also where nothing was
    -- dropped, as all that there is is lookback. An array, since an UPDATE would look for the place of a row of the
    -- node's view.
    UPDATE bqx.pair p SET kept_from = first_kept
    WHERE p.kept_from < first_kept AND p.pair = ANY (ARRAY(SELECT m.pair FROM bqx.m1_month m));
END
$$;
COMMENT ON FUNCTION bqx.drop_months IS
    'Retention: drops bars and features of the months before one, of all pairs, on all nodes, which have to answer. Bars'
    ' that the rows which stay were computed from, or would be computed from again, are kept: the last months before it'
    ' that hold the longest lookback. Returns a row of bqx.removal for each pair that lost something. For the owner of'
    ' the schema and superusers alone.';
