SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.attach_nodes(nodes text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
#variable_conflict use_variable
DECLARE
    state record;
    one record;
BEGIN
    FOR state IN
        SELECT * FROM (VALUES
            ('m1_month', 'own_m1_month'), ('baseline_rates', 'own_baseline_rates'),
            ('partition_state', 'own_partition_state'), ('partition_freshness', 'own_partition_freshness'),
            ('bar_coverage', 'own_bar_coverage'), ('bar_gap', 'own_bar_gap'), ('stray_table', 'own_stray_table'),
            ('target_corr', 'own_target_corr'), ('target_corr_state', 'own_target_corr_state'),
            ('node_progress', 'own_progress'), ('node_correlation_progress', 'own_correlation_progress'))
            s (name, remote_name)
        WHERE to_regclass(format('bqx.%I', s.name)) IS NOT NULL
    LOOP
        FOR one IN SELECT n AS node FROM unnest(nodes) n LOOP
            EXECUTE format('DROP FOREIGN TABLE IF EXISTS bqx.%I', state.name || '_on_' || one.node);
        END LOOP;
        FOR one IN
            SELECT p.node, string_agg(quote_literal(p.pair), ', ' ORDER BY p.pair) AS pairs
            FROM bqx.pair_node p
            WHERE p.node = ANY (nodes)
            GROUP BY p.node
        LOOP
            EXECUTE format('CREATE FOREIGN TABLE bqx.%I PARTITION OF bqx.%I FOR VALUES IN (%s) SERVER %I'
                ' OPTIONS (schema_name ''bqx'', table_name %L, updatable ''false'')',
                state.name || '_on_' || one.node, state.name, one.pairs, 'bqx_' || one.node, state.remote_name);
        END LOOP;
    END LOOP;
END
$$;
COMMENT ON FUNCTION bqx.attach_nodes IS
    'Makes the tables of states of some nodes anew, for the pairs that live there by now.';
