SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.attach_node(node text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
#variable_conflict use_variable
DECLARE
    pairs CONSTANT text := (
        SELECT string_agg(quote_literal(p.pair), ', ' ORDER BY p.pair) FROM bqx.pair_node p WHERE p.node = attach_node.node);
    state record;
BEGIN
    FOR state IN
        SELECT * FROM (VALUES
            ('m1_month', 'own_m1_month'), ('baseline_rates', 'own_baseline_rates'),
            ('partition_state', 'own_partition_state'), ('partition_freshness', 'own_partition_freshness'),
            ('bar_coverage', 'own_bar_coverage'), ('bar_gap', 'own_bar_gap'), ('stray_table', 'own_stray_table'),
            ('target_corr', 'own_target_corr'), ('target_corr_state', 'own_target_corr_state'), ('node_progress', 'own_progress'),
            ('node_correlation_progress', 'own_correlation_progress')) s (name, remote_name)
        WHERE to_regclass(format('bqx.%I', s.name)) IS NOT NULL
    LOOP
        EXECUTE format('DROP FOREIGN TABLE IF EXISTS bqx.%I', state.name || '_on_' || node);
        IF pairs IS NOT NULL THEN
            EXECUTE format('CREATE FOREIGN TABLE bqx.%I PARTITION OF bqx.%I FOR VALUES IN (%s) SERVER %I'
                ' OPTIONS (schema_name ''bqx'', table_name %L, updatable ''false'')',
                state.name || '_on_' || node, state.name, pairs, 'bqx_' || node, state.remote_name);
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION bqx.attach_node IS
    'Makes the tables of states of a node anew, for the pairs that live there by now.';
