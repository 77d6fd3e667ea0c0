SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.lock_partition(family text, pair text, month date) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM bqx.take_lock(bqx.partition_lock(family, pair, month), bqx.partition_name(family, pair, month));
END
$$;
COMMENT ON FUNCTION bqx.lock_partition IS
    'Takes the partition for this transaction, or says who has it. Never waits.';
