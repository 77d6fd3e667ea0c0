SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: the helpers are nobody's.
CREATE OR REPLACE FUNCTION bqx.progress_of(node text) RETURNS SETOF bqx.node_progress
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    found bqx.node_progress[];
BEGIN
    IF to_regclass(format('bqx.%I', 'node_progress_on_' || node)) IS NULL THEN
        RETURN;
    END IF;
    -- All of it or nothing: a node may die while it answers.
    EXECUTE format('SELECT array_agg(p::bqx.node_progress) FROM bqx.%I p', 'node_progress_on_' || node) INTO found;
    RETURN QUERY SELECT * FROM unnest(found);
EXCEPTION
    WHEN connection_exception OR admin_shutdown OR crash_shutdown OR cannot_connect_now OR too_many_connections
        OR invalid_authorization_specification THEN
        RETURN QUERY
        SELECT f.family, m.pair, m.month, 'unreachable', format('node %s: %s', node, SQLERRM), m.bars, NULL::bigint, NULL::int,
            NULL::int, NULL::timestamptz, NULL::timestamptz, SQLSTATE::text, NULL::text, NULL::bigint, NULL::bigint,
            NULL::bigint, NULL::date, NULL::date, NULL::text[]
        FROM bqx.family f
        JOIN (
            SELECT k.pair, k.month, k.bars FROM bqx.pair_month k WHERE k.pair <> 'market'
            UNION ALL
            SELECT 'market', k.month, max(k.bars) FROM bqx.pair_month k GROUP BY k.month
        ) m ON (m.pair = 'market') = (f.scope = 'market')
        JOIN bqx.pair_node p ON p.pair = m.pair AND p.node = progress_of.node
        WHERE f.enabled AND m.bars > 0;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.progress_of TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.progress_of IS
    'bqx.progress of the pairs of a node, as the node sees it. Where the node does not answer, its pairs'' months as'
    ' bqx.note_months has last seen them, in state unreachable, and why.';
