SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: a reader need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.planned_write(family text, pair text, month date) RETURNS text
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    checked_family CONSTANT text := bqx.check_family(family);
    checked_pair CONSTANT text := bqx.check_partition_pair(checked_family, pair);
BEGIN
    RETURN bqx.call_node(bqx.node_of(checked_pair), 'planned_write',
        jsonb_build_object('family', checked_family, 'month', bqx.check_month(month)), checked_pair) #>> '{}';
END
$$;
GRANT EXECUTE ON FUNCTION bqx.planned_write TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.planned_write IS
    'What bqx.backfill would write to a partition that has been computed: ''all rows'', ''new rows'', ''tail rows'''
    ' or ''no rows''. It is a call of the node, and so not for a transaction that is READ ONLY.';
