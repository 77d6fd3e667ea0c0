SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.remove_rows(family text, pair text, month date) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    removed bigint;
BEGIN
    DELETE FROM bqx.partition_state s
    WHERE s.family = remove_rows.family AND s.pair = remove_rows.pair AND s.month = remove_rows.month AND s.rows IS NOT NULL
    RETURNING s.rows INTO removed;
    IF removed IS NULL THEN
        RETURN false;
    END IF;
    PERFORM bqx.drop_partition(family, pair, month);
    RAISE NOTICE 'the % of % are removed: there is nothing to compute them from any more',
        removed || CASE removed WHEN 1 THEN ' row' ELSE ' rows' END, bqx.partition_name(family, pair, month);
    RETURN true;
END
$$;
COMMENT ON FUNCTION bqx.remove_rows IS
    'Removes the rows of a partition whose bars, or the bid and ask that it is made of, are gone, and its state; says'
    ' whether there were any.';
