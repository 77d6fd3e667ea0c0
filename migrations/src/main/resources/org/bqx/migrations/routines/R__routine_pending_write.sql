SET LOCAL ROLE bqx_owner;

-- A row's bits depend on the bars from the start of the lookback to the last that it looks ahead to. So the rows
-- that are there, but for those that were open, stay valid when the bars they were computed from are the first of
-- those read now, bit by bit. Their digest tells, whatever was written to the bars meanwhile and by whom.
DROP FUNCTION IF EXISTS bqx.pending_write(
    bqx.partition_state, timestamptz[], double precision[], text, int[], double precision, text, int);
CREATE OR REPLACE FUNCTION bqx.pending_write(kept bqx.partition_state, source bqx.source, functions_version text)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    partition CONSTANT text := bqx.partition_name(kept.family, kept.pair, kept.month);
    bars CONSTANT int := coalesce(kept.source_bars, source.skip + kept.rows);
    last_time timestamptz;
BEGIN
    IF kept.rows IS NULL OR bars > source.bars
        OR (kept.windows, kept.baseline_rate, kept.functions_version, kept.source_pairs)
            IS DISTINCT FROM (source.windows, source.baseline_rate, functions_version, source.pairs)
        OR kept.source_digest <> (CASE
            WHEN bars = source.bars THEN source.digest
            ELSE bqx.source_digest(source.times, source.inputs, source.bars, source.bad_bars, bars)
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
        WHEN last_time IS DISTINCT FROM source.times[source.skip + kept.rows] THEN 'all rows'
        WHEN bars = source.bars THEN 'no rows'
        WHEN kept.rows_open > 0 THEN 'tail rows'
        ELSE 'new rows'
    END;
END
$$;
COMMENT ON FUNCTION bqx.pending_write IS
    'What must be written to bring a partition up to date: ''all rows'', ''new rows'', ''tail rows'' or ''no'
    ' rows''. kept is its state, the rest what it would be computed from now.';
