SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.describe_node() RETURNS jsonb
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN jsonb_build_object(
        'engine', bqx.engine(),
        'is_front', to_regclass('bqx.node') IS NOT NULL,
        'baseline_date', bqx.default_baseline_date(),
        'jar', (SELECT j.sha256 FROM bqx.functions_jar j),
        'families', (
            SELECT jsonb_agg(jsonb_build_object('family', f.family, 'windows', to_jsonb(f.windows), 'enabled', f.enabled,
                'version', f.functions_version) ORDER BY f.family_no)
            FROM bqx.feature f),
        'correlations', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('target', c.target, 'features', to_jsonb(c.features),
                'windows', to_jsonb(c.windows)) ORDER BY c.correlation_no), '[]')
            FROM bqx.correlation c),
        'pairs', (
            SELECT jsonb_agg(jsonb_build_object('pair', p.pair, 'base', p.base, 'quote', p.quote,
                'has_bars', EXISTS (SELECT FROM bqx.m1_month m WHERE m.pair = p.pair)
                    OR EXISTS (SELECT FROM bqx.partition_state s WHERE s.pair = p.pair)) ORDER BY p.pair_no)
            FROM bqx.pair p),
        'has_market', EXISTS (SELECT FROM bqx.partition_state s WHERE s.pair = 'market'),
        'acknowledged', (
            SELECT coalesce(jsonb_agg(to_jsonb(g)), '[]') FROM bqx.acknowledged_gap g),
        'elsewhere', (
            SELECT coalesce(jsonb_object_agg(e.pair, e.node), '{}') FROM bqx.pair_elsewhere e));
END
$$;
GRANT EXECUTE ON FUNCTION bqx.describe_node TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.describe_node IS
    'What a front must know of this database before, and while, it is one of its nodes.';
