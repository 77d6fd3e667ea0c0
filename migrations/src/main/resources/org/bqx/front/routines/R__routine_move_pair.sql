SET LOCAL ROLE bqx_owner;

-- A procedure that commits can have no SET clause, see bqx.backfill_range. Two transactions: what is lost between them
-- leaves a pair on both nodes, read on the new one alone, and bqx.check_nodes says so; never on neither.
CREATE OR REPLACE PROCEDURE bqx.move_pair(pair text, node text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    moved pg_catalog.text;
    old_node pg_catalog.text;
BEGIN
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    moved := lower(pair);
    old_node := bqx.node_of(moved);
    IF old_node <> node THEN
        PERFORM bqx.copy_pair(moved, node);
        COMMIT;
        PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    END IF;
    PERFORM bqx.release_pair(moved);
END
$$;
COMMENT ON PROCEDURE bqx.move_pair IS
    'Moves a pair to another node: bars and baseline go there, features are computed again, to the same bits. Commits in'
    ' between; called again it ends what was begun. For the owner of the schema and superusers alone.';
