SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: a reader need not know the helpers.
CREATE OR REPLACE FUNCTION bqx.planned_write(family text, pair text, month date) RETURNS text
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    checked_family CONSTANT text := bqx.check_family(family);
    checked_pair CONSTANT text := bqx.check_partition_pair(checked_family, pair);
    checked_month CONSTANT date := bqx.check_month(month);
    kept bqx.partition_state;
BEGIN
    SELECT s.* INTO kept FROM bqx.partition_state s
    WHERE s.family = checked_family AND s.pair = checked_pair AND s.month = checked_month;
    RETURN bqx.pending_write(kept, bqx.read_source(checked_family, checked_pair, checked_month),
        (SELECT f.functions_version FROM bqx.feature f WHERE f.family = checked_family));
END
$$;
GRANT EXECUTE ON FUNCTION bqx.planned_write TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.planned_write IS
    'What bqx.backfill would write to a partition that has been computed: ''all rows'', ''new rows'', ''tail rows'''
    ' or ''no rows''. Reads its bars, so it costs a tenth of computing it.';
