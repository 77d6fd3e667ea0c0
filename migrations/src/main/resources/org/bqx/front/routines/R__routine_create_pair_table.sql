SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.create_pair_table(kind text, pair text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name CONSTANT text := kind || '_' || pair;
    home CONSTANT text := (SELECT p.node FROM bqx.pair_node p WHERE p.pair = create_pair_table.pair);
BEGIN
    IF home IS NULL OR to_regclass(format('bqx.%I', name)) IS NOT NULL THEN
        RETURN; -- its place brings it
    END IF;
    -- The pair's own table there: what a node has of a pair that lives elsewhere is never read.
    EXECUTE format('CREATE FOREIGN TABLE bqx.%I PARTITION OF bqx.%I FOR VALUES IN (%L) SERVER %I'
        ' OPTIONS (schema_name ''bqx'', table_name %L, updatable %L, use_remote_estimate ''true'')',
        name, kind, pair, 'bqx_' || home, name, (kind = 'm1')::text);
    PERFORM bqx.guard_bars(format('bqx.%I', name)::regclass) WHERE kind = 'm1';
END
$$;
COMMENT ON FUNCTION bqx.create_pair_table IS
    'Makes a pair''s table in the table of all pairs, as a foreign table of the pair''s node; kind is m1 or a family.'
    ' Does nothing while the pair is on no node.';
