SET LOCAL ROLE bqx_owner;

DROP FUNCTION IF EXISTS bqx.write_partition;
CREATE OR REPLACE FUNCTION bqx.replace_partition(family text, pair text, month date, building text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
-- The key of a month is built in less time than it takes to start a worker. To plan for one asks for statistics
-- of each column, too, and the session remembers for ever that there are none: 9 kB a partition.
SET max_parallel_maintenance_workers = 0
AS $$
DECLARE
    name CONSTANT text := bqx.partition_name(family, pair, month);
    lock_timeout CONSTANT text := current_setting('lock_timeout');
BEGIN
    EXECUTE format('ALTER TABLE bqx.%I ADD CONSTRAINT %I PRIMARY KEY (ts_utc)', building, building || '_pkey');

    -- Attaching waits for who attaches another month of the pair. Not for ever.
    IF lock_timeout = '0' THEN
        PERFORM set_config('lock_timeout', '10s', true);
    END IF;
    PERFORM bqx.drop_partition(family, pair, month);
    EXECUTE format('ALTER TABLE bqx.%I RENAME TO %I', building, name);
    EXECUTE format('ALTER TABLE bqx.%I RENAME CONSTRAINT %I TO %I', name, building || '_pkey', name || '_pkey');
    EXECUTE format('ALTER TABLE bqx.%I ATTACH PARTITION bqx.%I FOR VALUES FROM (%L) TO (%L)',
        family || '_' || pair, name,
        bqx.exact_time(bqx.month_start(month)), bqx.exact_time(bqx.month_end(month)));
    PERFORM set_config('lock_timeout', lock_timeout, true);
END
$$;
COMMENT ON FUNCTION bqx.replace_partition IS
    'Puts a table of rows in the place of a partition: gives it the primary key, drops the partition that is there,'
    ' and attaches it under that name.';
