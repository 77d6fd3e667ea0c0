-- What a front reads here: of each table of states what lives here. After every migration, since a table may have got
-- a column.
DO $$
DECLARE
    name text;
    wanted text;
BEGIN
    IF to_regclass('bqx.pair_elsewhere') IS NULL THEN
        RETURN;
    END IF;
    SET LOCAL ROLE bqx_owner;
    FOREACH name IN ARRAY ARRAY['m1_month', 'baseline_rates', 'partition_state', 'partition_freshness', 'bar_coverage',
        'bar_gap', 'stray_table', 'target_corr', 'target_corr_state', 'correlation_progress']
    LOOP
        CONTINUE WHEN to_regclass(format('bqx.%I', name)) IS NULL;
        EXECUTE format('CREATE OR REPLACE VIEW bqx.%I AS SELECT t.* FROM bqx.%I t'
            ' WHERE t.pair NOT IN (SELECT e.pair FROM bqx.pair_elsewhere e)', 'own_' || name, name);
        EXECUTE format('COMMENT ON VIEW bqx.%I IS %L', 'own_' || name,
            format('bqx.%s of the pairs that live here, for a front', name));
    END LOOP;
    IF to_regrole('bqx_front') IS NOT NULL THEN
        GRANT EXECUTE ON FUNCTION bqx.enable_family, bqx.define_family, bqx.note_pairs, bqx.note_brought, bqx.keep_related,
            bqx.release_pair,
            bqx.adopt_pair TO bqx_front;
        -- Those that the stages made; bqx.create_pair_table does it for the others.
        FOR name IN SELECT 'm1_' || p.pair FROM bqx.pair p ORDER BY p.pair LOOP
            EXECUTE format('GRANT INSERT, UPDATE (pair) ON bqx.%I TO bqx_front', name);
        END LOOP;
    END IF;
    RESET ROLE;
END
$$;
