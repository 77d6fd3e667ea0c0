SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: a reader need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.look_ahead(family text, pair text, month date, sample int DEFAULT 12, reach int DEFAULT NULL)
RETURNS TABLE (ts_utc timestamptz, column_name text, change text, found text, expected text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    checked_family CONSTANT text := bqx.check_family(family);
    checked_pair CONSTANT text := bqx.check_pair(pair);
BEGIN
    RETURN QUERY
    SELECT l.* FROM jsonb_to_recordset(bqx.call_node(bqx.node_of(checked_pair), 'look_ahead',
        jsonb_build_object('family', checked_family, 'month', bqx.check_month(month), 'sample', sample, 'reach', reach),
        checked_pair)) l (ts_utc timestamptz, column_name text, change text, found text, expected text);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.look_ahead TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.look_ahead IS
    'Whether rows of a partition depend on later bars: bqx.look_ahead of its node. Not for a transaction that is READ'
    ' ONLY.';
