SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.begin_partition(
    family text, pair text, month date, force boolean, functions_version text,
    OUT work bqx.work, OUT source bqx.source)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    name CONSTANT text := bqx.partition_name(family, pair, month);
    started CONSTANT timestamptz := clock_timestamp();
    installed_version text;
    reads_more CONSTANT boolean := (
        SELECT d.inputs && '{o,h,l,open,high,low,close}' FROM bqx.feature_definition d
        WHERE d.family = begin_partition.family);
    kept bqx.partition_state;
    rows_stay text;
    write text := 'all rows';
    table_name text;
    first_bar int;
BEGIN
    PERFORM bqx.lock_partition(family, pair, month);
    IF NOT force AND EXISTS (
        SELECT FROM bqx.partition_freshness f
        WHERE f.family = begin_partition.family AND f.pair = begin_partition.pair AND f.month = begin_partition.month
            AND f.state = 'done' AND f.stale_because IS NULL
    ) THEN
        RAISE NOTICE '% is done, nothing computed', name
            USING HINT = 'Pass force => true to compute it again.';
        RETURN;
    END IF;

    SELECT f.functions_version INTO STRICT installed_version FROM bqx.feature f WHERE f.family = begin_partition.family;
    IF functions_version IS DISTINCT FROM installed_version THEN
        RAISE EXCEPTION 'this session runs functions of % of %, installed is %',
            family, functions_version, coalesce(installed_version, 'none')
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'The jar was replaced since this session loaded it: connect again.';
    END IF;

    SELECT s.* INTO kept FROM bqx.partition_state s
    WHERE s.family = begin_partition.family AND s.pair = begin_partition.pair AND s.month = begin_partition.month;
    rows_stay := CASE WHEN kept.rows IS NULL THEN '' ELSE ' Rows are there still: force => true removes them.' END;
    source := bqx.read_source(family, pair, month);
    IF source.bars = source.skip + source.tail THEN
        IF force AND bqx.remove_rows(family, pair, month) THEN
            RETURN;
        END IF;
        RAISE EXCEPTION 'pair % has no bars in %', pair, to_char(month, 'YYYY-MM')
            USING ERRCODE = 'QX003', HINT = 'SELECT * FROM bqx.m1_month lists the months that have bars.' || rows_stay;
    END IF;
    IF source.baseline_rate IS NULL AND pair <> 'market' THEN
        RAISE EXCEPTION 'pair % has no baseline', pair
            USING ERRCODE = 'QX004', HINT = format('SELECT bqx.set_baseline(%L) sets it.', pair);
    END IF;
    IF EXISTS (
        SELECT FROM bqx.feature_definition d, bqx.m1_month m
        WHERE d.family = begin_partition.family AND d.inputs && '{bid,ask}'
            AND m.pair = begin_partition.pair AND m.month = begin_partition.month AND m.quotes = 0
    ) THEN
        IF force AND bqx.remove_rows(family, pair, month) THEN
            RETURN;
        END IF;
        RAISE EXCEPTION 'no bar of pair % in % has the bid and ask that % is made of', pair, to_char(month, 'YYYY-MM'), family
            USING ERRCODE = 'QX003', HINT = 'SELECT * FROM bqx.m1_month says how many bars have them: quotes.' || rows_stay;
    END IF;
    IF source.bad_bars > 0 THEN
        RAISE EXCEPTION 'pair %: % for % % a % that is NULL or not a finite positive number, the first at %',
            pair, source.bad_bars || CASE source.bad_bars WHEN 1 THEN ' bar' ELSE ' bars' END, name,
            CASE source.bad_bars WHEN 1 THEN 'has' ELSE 'have' END,
            CASE WHEN reads_more THEN 'rate_index or another price' ELSE 'rate_index' END,
            bqx.utc_text(source.first_bad)
            USING ERRCODE = 'QX005', HINT = format('Correct their %s in bqx.%I, or delete them.%s',
                CASE WHEN reads_more THEN 'prices' ELSE 'close' END, 'm1_' || pair,
                (SELECT format(' Where only rate_index is wrong, SELECT bqx.set_baseline(%L, %L) computes it.',
                    b.pair, b.baseline_date)
                 FROM bqx.baseline_rates b WHERE b.pair = begin_partition.pair));
    END IF;

    IF NOT force THEN
        write := bqx.pending_write(kept, source, functions_version);
    END IF;
    CASE write
        WHEN 'all rows' THEN
            -- Built aside, without an index yet; a partition that is there already is read by others until
            -- bqx.finish_partition. docs/backfill.md compares this with TRUNCATE and INSERT.
            table_name := name || '_building';
            PERFORM bqx.create_aside(family, pair, table_name);
            first_bar := source.skip;
        WHEN 'new rows' THEN
            table_name := name;
            first_bar := source.skip + kept.rows;
        WHEN 'tail rows' THEN
            table_name := name;
            first_bar := source.skip + kept.rows - kept.rows_open;
            EXECUTE format('DELETE FROM bqx.%I WHERE ts_utc >= $1', name) USING source.times[first_bar + 1];
        ELSE
            first_bar := source.bars - source.tail;
    END CASE;
    work := ROW(family, pair, month, write, table_name, first_bar, functions_version, started);
END
$$;
COMMENT ON FUNCTION bqx.begin_partition IS
    'The first of three steps that compute a partition in one transaction: this one, the rows by whoever runs the'
    ' family''s Java, bqx.finish_partition. Takes the partition''s lock, reads what it is computed from, and makes'
    ' ready the table that the rows go into. work is NULL when the partition is done and left alone, and when its rows'
    ' were removed, by force, since there is nothing to compute them from any more.'
    ' functions_version is that of the Java that will bring the rows.';
