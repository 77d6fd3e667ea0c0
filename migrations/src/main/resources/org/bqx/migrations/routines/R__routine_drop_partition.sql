SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.drop_partition(family text, pair text, month date) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name CONSTANT text := bqx.partition_name(family, pair, month);
    lock_timeout CONSTANT text := current_setting('lock_timeout');
BEGIN
    IF to_regclass(format('bqx.%I', name)) IS NULL THEN
        RETURN;
    END IF;
    IF NOT (SELECT c.relispartition FROM pg_class c WHERE c.oid = to_regclass(format('bqx.%I', name))) THEN
        RAISE EXCEPTION 'table bqx.% is in the way: it is no partition', name
            USING ERRCODE = 'duplicate_table',
                HINT = 'Somebody detached it. Attach it, rename it or drop it, and compute again.';
    END IF;
    -- Waits for those who read the pair, and new readers queue behind. Not for ever.
    IF lock_timeout = '0' THEN
        PERFORM set_config('lock_timeout', '10s', true);
    END IF;
    EXECUTE format('DROP TABLE bqx.%I', name);
    PERFORM set_config('lock_timeout', lock_timeout, true);
END
$$;
COMMENT ON FUNCTION bqx.drop_partition IS
    'Drops the rows of a partition, if there are any; its state stays. A table of that name that is no partition is'
    ' somebody''s, and refused.';
