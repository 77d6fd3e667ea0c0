SET LOCAL ROLE bqx_owner;

-- What must be written to bring a partition up to date: 'all rows', 'new rows' or 'no rows'. kept is its
-- state, the rest what it would be computed from now.
--
-- A row's bits depend on the bars from the start of the lookback to its own. So the rows that are there stay
-- valid when the bars they were computed from are the first of those read now, bit by bit. Their digest tells,
-- whatever was written to the bars meanwhile and by whom.
CREATE OR REPLACE FUNCTION bqx.pending_write(
    kept bqx.partition_state, times timestamptz[], indexes double precision[], digest text, windows int[],
    baseline_rate double precision, functions_version text, skip int)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    partition CONSTANT text := bqx.partition_name(kept.family, kept.pair, kept.month);
    bars CONSTANT int := skip + kept.rows;
    last_time timestamptz;
BEGIN
    IF kept.rows IS NULL OR bars > cardinality(times)
        OR (kept.windows, kept.baseline_rate, kept.functions_version)
            IS DISTINCT FROM (windows, baseline_rate, functions_version)
        OR kept.source_digest <> (CASE
            WHEN bars = cardinality(times) THEN digest
            ELSE bqx.source_digest(times[:bars], indexes[:bars])
        END)
    THEN
        RETURN 'all rows';
    END IF;
    -- The owner may have dropped or emptied it: the state row does not know.
    IF NOT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass(format('bqx.%I', partition)) AND relispartition) THEN
        RETURN 'all rows';
    END IF;
    EXECUTE format('SELECT max(ts_utc) FROM bqx.%I', partition) INTO last_time;
    RETURN CASE
        WHEN last_time IS DISTINCT FROM times[bars] THEN 'all rows'
        WHEN bars = cardinality(times) THEN 'no rows'
        ELSE 'new rows'
    END;
END
$$;
