-- What a front reads here: of each table of states what lives here. After every migration, since a table may have got
-- a column.
DO $$
DECLARE
    name text;
    described record;
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
    FOR described IN
        SELECT own.relname AS view_name, a.attname AS column_name, d.text
        FROM pg_class own
        JOIN pg_attribute a ON a.attrelid = own.oid AND a.attnum > 0
        CROSS JOIN LATERAL (
            SELECT col_description(b.attrelid, b.attnum) AS text
            FROM pg_attribute b
            WHERE b.attrelid IN (to_regclass('bqx.' || substr(own.relname, 5)), to_regclass('bqx.partition_state'))
                AND b.attname = a.attname AND b.attnum > 0
            ORDER BY b.attrelid = to_regclass('bqx.partition_state')
            LIMIT 1
        ) d
        WHERE own.relnamespace = 'bqx'::regnamespace AND own.relname LIKE 'own\_%'
            AND to_regclass('bqx.' || substr(own.relname, 5)) IS NOT NULL
            AND col_description(a.attrelid, a.attnum) IS DISTINCT FROM d.text
    LOOP
        EXECUTE format('COMMENT ON COLUMN bqx.%I.%I IS %L', described.view_name, described.column_name, described.text);
    END LOOP;
    IF to_regrole('bqx_front') IS NOT NULL THEN
        FOR name IN
            SELECT p.oid::regprocedure FROM pg_proc p
            WHERE p.pronamespace = 'bqx'::regnamespace
                AND p.proname IN ('enable_family', 'define_family', 'note_pairs', 'note_brought', 'keep_related',
                    'release_pair', 'adopt_pair', 'remove_pair', 'drop_months')
                AND NOT has_function_privilege('bqx_front', p.oid, 'EXECUTE')
        LOOP
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO bqx_front', name);
        END LOOP;
        -- Those that the stages made; bqx.create_pair_table does it for the others.
        FOR name IN
            SELECT c.oid::regclass FROM bqx.pair p JOIN pg_class c ON c.oid = to_regclass(format('bqx.%I', 'm1_' || p.pair))
            WHERE NOT has_table_privilege('bqx_front', c.oid, 'INSERT') OR NOT has_column_privilege('bqx_front', c.oid, 'pair', 'UPDATE')
        LOOP
            EXECUTE format('GRANT INSERT, UPDATE (pair) ON %s TO bqx_front', name);
        END LOOP;
    END IF;
    RESET ROLE;
END
$$;
