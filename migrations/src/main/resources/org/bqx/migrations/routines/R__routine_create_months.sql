SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER because only the owner of bqx.m1 can add partitions.
CREATE OR REPLACE FUNCTION bqx.create_months(pair text, from_month date, to_month date) RETURNS int
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
    first_month CONSTANT date := bqx.check_month(from_month);
    last_month CONSTANT date := bqx.check_month(to_month);
    one_month date;
    name text;
    created int := 0;
BEGIN
    IF EXISTS (SELECT FROM bqx.pair_elsewhere e WHERE e.pair = checked_pair) THEN
        RAISE EXCEPTION 'pair % lives on node %', checked_pair,
            (SELECT e.node FROM bqx.pair_elsewhere e WHERE e.pair = checked_pair)
            USING ERRCODE = 'QX008', HINT = 'Bring its bars there.';
    END IF;
    EXECUTE format('LOCK TABLE bqx.%I IN ROW EXCLUSIVE MODE', 'm1_' || checked_pair);
    FOR one_month IN
        SELECT m::date FROM generate_series(first_month::timestamp, last_month::timestamp, INTERVAL '1 month') m
    LOOP
        name := bqx.partition_name('m1', checked_pair, one_month);
        CONTINUE WHEN to_regclass(format('bqx.%I', name)) IS NOT NULL;
        -- Two loads of one pair may both need the month; the second waits and finds it.
        PERFORM pg_advisory_xact_lock(hashtextextended(name, 0));
        CONTINUE WHEN to_regclass(format('bqx.%I', name)) IS NOT NULL;
        PERFORM bqx.create_aside('m1', checked_pair, name);
        EXECUTE format('ALTER TABLE bqx.%I ATTACH PARTITION bqx.%I FOR VALUES FROM (%L) TO (%L)',
            'm1_' || checked_pair, name,
            bqx.exact_time(bqx.month_start(one_month)), bqx.exact_time(bqx.month_end(one_month)));
        PERFORM bqx.watch_bars(format('bqx.%I', name)::regclass);
        -- Somebody dropped the month's table, which fires no trigger: its bars are counted from here on.
        UPDATE bqx.m1_month m SET bars = 0, quotes = 0, revision = m.revision + 1, changed_at = clock_timestamp()
        WHERE m.pair = checked_pair AND m.month = one_month AND m.bars <> 0;
        created := created + 1;
        -- Bars come back for a month that was dropped: it is one to be computed again.
        UPDATE bqx.pair p SET kept_from = first_month
        WHERE p.pair = checked_pair AND p.kept_from > first_month;
    END LOOP;
    RETURN created;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.create_months TO bqx_runner;
COMMENT ON FUNCTION bqx.create_months IS
    'Makes the month partitions of a pair''s bars that are missing, both ends included. Bulk loads call it first:'
    ' until their transaction ends no baseline of the pair changes, so that the statement after this one can compute'
    ' rate_index from the baseline it reads.';
