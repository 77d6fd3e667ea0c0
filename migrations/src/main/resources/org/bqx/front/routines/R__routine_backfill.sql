SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not be able to call all that nodes can do.
CREATE OR REPLACE FUNCTION bqx.backfill(family text, pair text, month date, force boolean DEFAULT false)
RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    checked_family CONSTANT text := bqx.check_enabled(family);
    checked_pair CONSTANT text := bqx.check_partition_pair(checked_family, pair);
    checked_month CONSTANT date := bqx.check_month(month);
    home CONSTANT text := bqx.node_of(checked_pair);
    brought jsonb := '{}';
    rows_written bigint;
BEGIN
    -- Before the first word to the node, whose snapshot is then later than what another call has committed.
    PERFORM bqx.lock_partition(checked_family, checked_pair, checked_month);
    IF (SELECT f.related_max_age FROM bqx.family f WHERE f.family = checked_family) IS NOT NULL THEN
        brought := jsonb_build_object('brought', to_jsonb(bqx.bring_related(checked_pair, home)));
    END IF;
    rows_written := bqx.call_node(home, 'backfill',
        brought || jsonb_build_object('family', checked_family, 'month', checked_month, 'force', coalesce(force, false)),
        checked_pair)::bigint;
    DELETE FROM bqx.unrecorded_failure f
    WHERE f.family = checked_family AND f.pair = checked_pair AND f.month = checked_month;
    RETURN rows_written;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.backfill TO bqx_runner;
COMMENT ON FUNCTION bqx.backfill IS
    'Computes one partition, one family, one pair, one UTC month, on the pair''s node. Returns the rows written, 0 when'
    ' it is done and left alone. Bars of other nodes that the family reads are brought there first. All or nothing,'
    ' with the caller''s COMMIT.';
