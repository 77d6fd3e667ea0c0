SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.check_nodes()
RETURNS TABLE (node text, check_name text, pair text, found text, expected text)
LANGUAGE plpgsql
SET role = bqx_owner
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    one record;
    known jsonb;
    first_jar text;
BEGIN
    FOR one IN SELECT n.node FROM bqx.node n ORDER BY n.node LOOP
        BEGIN
            known := bqx.call_node(one.node, 'describe_node');
        EXCEPTION
            WHEN connection_exception OR admin_shutdown OR crash_shutdown OR cannot_connect_now OR too_many_connections
                    OR invalid_authorization_specification THEN
                RETURN QUERY SELECT one.node, 'reachable', NULL::text, SQLERRM::text, 'an answer';
                CONTINUE;
        END;
        first_jar := coalesce(first_jar, known->>'jar');
        RETURN QUERY
        SELECT one.node, c.check_name, NULL::text, c.found, c.expected
        FROM (VALUES
            ('engine', known->>'engine', 'server'),
            ('stages', (known->'stages')::text, bqx.own_stages()::text),
            ('baseline_date', known->>'baseline_date', bqx.default_baseline_date()::text),
            ('jar', known->>'jar', first_jar)
        ) c (check_name, found, expected)
        WHERE c.found IS DISTINCT FROM c.expected;
        RETURN QUERY
        SELECT one.node, c.check_name, NULL::text, c.found, c.expected
        FROM bqx.feature f
        LEFT JOIN jsonb_to_recordset(known->'families') n (family text, windows jsonb, enabled boolean, version text)
            ON n.family = f.family
        CROSS JOIN LATERAL (VALUES
            ('windows of ' || f.family, n.windows::text, to_jsonb(f.windows)::text),
            ('enabled ' || f.family, n.enabled::text, f.enabled::text),
            ('functions of ' || f.family, n.version, f.functions_version)
        ) c (check_name, found, expected)
        WHERE c.found IS DISTINCT FROM c.expected
        ORDER BY f.family_no, 2;
        RETURN QUERY
        SELECT one.node, 'leftover', n.pair, 'bars or states of the pair', CASE
            WHEN p.node IS NULL THEN 'none, the pair is on no node' ELSE 'none, the pair is on node ' || p.node END
        FROM jsonb_to_recordset(known->'pairs') n (pair text, has_bars boolean)
        LEFT JOIN bqx.pair_node p ON p.pair = n.pair
        WHERE n.has_bars AND p.node IS DISTINCT FROM one.node
        ORDER BY n.pair;
        RETURN QUERY
        SELECT one.node, 'pair', coalesce(p.pair, n.pair), CASE WHEN n.pair IS NULL THEN 'unknown' ELSE 'known' END,
            CASE WHEN p.pair IS NULL THEN 'unknown' ELSE 'known' END
        FROM (SELECT b.pair FROM bqx.pair b) p
        FULL JOIN jsonb_to_recordset(known->'pairs') n (pair text) ON n.pair = p.pair
        WHERE p.pair IS NULL OR n.pair IS NULL
        ORDER BY 3;
        RETURN QUERY
        SELECT one.node, 'place', coalesce(p.pair, e.key), coalesce(e.value, 'here or nowhere'),
            coalesce(p.node, 'here or nowhere')
        FROM (SELECT b.pair, b.node FROM bqx.pair_node b WHERE b.node <> one.node) p
        FULL JOIN jsonb_each_text(known->'elsewhere') e ON e.key = p.pair
        WHERE p.node IS DISTINCT FROM e.value
        ORDER BY 3;
    END LOOP;
END
$$;
COMMENT ON FUNCTION bqx.check_nodes IS
    'What nodes have otherwise than this front: other stages, jars, windows or families, a pair that lives elsewhere, a'
    ' place that they do not know. No rows when all is well. For the owner of the schema and superusers alone.';
