CREATE SCHEMA bench;

CREATE FUNCTION bench.since(started timestamptz) RETURNS double precision
LANGUAGE sql VOLATILE
AS 'SELECT 1000 * extract(epoch FROM clock_timestamp() - started)::double precision';

-- The steps of bqx.backfill, by its own routines, each timed. The partition must be missing; the caller
-- commits, times that too, and drops the partition again.
CREATE FUNCTION bench.steps(family text, pair text, month date)
RETURNS TABLE (step text, milliseconds double precision)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    name CONSTANT text := bqx.partition_name(family, pair, month);
    started timestamptz := clock_timestamp();
    source bqx.source;
    work bqx.work;
    digest text;
    counted bigint;
BEGIN
    source := bqx.read_source(family, pair, month);
    step := 'READ'; milliseconds := bench.since(started); RETURN NEXT;

    started := clock_timestamp();
    digest := bqx.source_digest(source.times, source.inputs, source.bars, source.bad_bars, source.bars);
    step := 'DIGEST'; milliseconds := bench.since(started); RETURN NEXT;

    started := clock_timestamp();
    SELECT count(*) INTO counted
    FROM (SELECT bqx.feature_rows(family, source.inputs, source.bars, source.windows, source.skip, source.tail)) AS rows;
    step := 'ROWS_OUT'; milliseconds := bench.since(started); RETURN NEXT;

    started := clock_timestamp();
    EXECUTE format('CREATE TABLE bqx.%I (LIKE bqx.%I)', name, family);
    work := ROW(family, pair, month, 'all rows', name, source.skip, NULL, started);
    PERFORM bqx.insert_rows(work, source);
    step := 'INSERT'; milliseconds := bench.since(started); RETURN NEXT;

    started := clock_timestamp();
    EXECUTE format('ALTER TABLE bqx.%I ADD PRIMARY KEY (ts_utc)', name);
    step := 'KEY'; milliseconds := bench.since(started); RETURN NEXT;

    started := clock_timestamp();
    EXECUTE format('ALTER TABLE bqx.%I ATTACH PARTITION bqx.%I FOR VALUES FROM (%L) TO (%L)',
        family || '_' || pair, name,
        bqx.month_start(month), bqx.month_start((month + INTERVAL '1 month')::date));
    step := 'ATTACH'; milliseconds := bench.since(started); RETURN NEXT;
END
$$;

-- The least that PostgreSQL does to hand over a month's bars of some pairs in the order of time: when they were, and
-- one of their prices.
CREATE FUNCTION bench.read_bars(pairs text[], month date) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
DECLARE
    pair text;
    bars record;
BEGIN
    FOREACH pair IN ARRAY pairs LOOP
        EXECUTE format($query$
            SELECT array_agg(time), array_agg(rate_index)
            FROM (SELECT time, rate_index FROM bqx.%I WHERE time >= $1 AND time < $2 ORDER BY time) bars
            $query$, 'm1_' || pair)
        INTO bars
        USING bqx.month_start(month), bqx.month_end(month);
    END LOOP;
END
$$;

-- Makes partitions missing again.
CREATE PROCEDURE bench.forget()
LANGUAGE plpgsql
AS $$
DECLARE
    partition record;
BEGIN
    FOR partition IN SELECT s.family, s.pair, s.month FROM bqx.partition_state s LOOP
        EXECUTE format('DROP TABLE IF EXISTS bqx.%I',
            bqx.partition_name(partition.family, partition.pair, partition.month));
        DELETE FROM bqx.partition_state s
        WHERE (s.family, s.pair, s.month) = (partition.family, partition.pair, partition.month);
        COMMIT;
    END LOOP;
END
$$;

CREATE PROCEDURE bench.drop_floors()
LANGUAGE plpgsql
AS $$
DECLARE
    floor regclass;
BEGIN
    FOR floor IN
        SELECT oid FROM pg_class WHERE relnamespace = 'bench'::regnamespace AND relname LIKE 'floor\_%' AND relkind = 'r'
    LOOP
        -- Autovacuum looks at them in the same order, and is only asked to stop once this time has passed.
        PERFORM set_config('deadlock_timeout', '1ms', true);
        EXECUTE format('DROP TABLE %s', floor);
        COMMIT;
    END LOOP;
END
$$;
