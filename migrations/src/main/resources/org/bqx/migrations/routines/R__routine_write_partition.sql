SET LOCAL ROLE bqx_owner;

-- Computes the rows of a partition and puts them in place. times and indexes hold the lookback, of skip
-- bars, and then the month.
--
-- The rows go into a table of their own that has no index yet, then get their primary key, then are
-- attached; a partition that is there already is read by others until that moment. docs/backfill.md
-- compares this with TRUNCATE and INSERT.
CREATE OR REPLACE FUNCTION bqx.write_partition(
    family text, pair text, month date, times timestamptz[], indexes double precision[], windows int[], skip int)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
-- The key of a month is built in less time than it takes to start a worker. To plan for one asks for statistics
-- of each column, too, and the session remembers for ever that there are none: 9 kB a partition.
SET max_parallel_maintenance_workers = 0
AS $$
DECLARE
    name CONSTANT text := bqx.partition_name(family, pair, month);
    building CONSTANT text := name || '_building';
    parent CONSTANT text := family || '_' || pair;
    from_time CONSTANT timestamptz := bqx.month_start(month);
    to_time CONSTANT timestamptz := bqx.month_start((month + INTERVAL '1 month')::date);
    rows_written bigint;
    lock_timeout CONSTANT text := current_setting('lock_timeout');
BEGIN
    -- Like the table of all pairs, not the pair's: a lock on that one, kept until commit, would deadlock two
    -- sessions that each replace a month of the pair.
    EXECUTE format('CREATE TABLE bqx.%I (LIKE bqx.%I)', building, family);
    rows_written := bqx.insert_rows(building, family, pair, times, indexes, windows, skip);
    EXECUTE format('ALTER TABLE bqx.%I ADD CONSTRAINT %I PRIMARY KEY (ts_utc)', building, building || '_pkey');

    -- Attaching waits for who attaches another month of the pair; dropping the old partition waits for those
    -- who read the pair, and new readers queue behind. Neither for ever.
    IF lock_timeout = '0' THEN
        PERFORM set_config('lock_timeout', '10s', true);
    END IF;
    IF to_regclass(format('bqx.%I', name)) IS NOT NULL THEN
        EXECUTE format('DROP TABLE bqx.%I', name);
    END IF;
    EXECUTE format('ALTER TABLE bqx.%I RENAME TO %I', building, name);
    EXECUTE format('ALTER TABLE bqx.%I RENAME CONSTRAINT %I TO %I', name, building || '_pkey', name || '_pkey');
    EXECUTE format('ALTER TABLE bqx.%I ATTACH PARTITION bqx.%I FOR VALUES FROM (%L) TO (%L)',
        parent, name, from_time, to_time);
    PERFORM set_config('lock_timeout', lock_timeout, true);
    RETURN rows_written;
END
$$;
