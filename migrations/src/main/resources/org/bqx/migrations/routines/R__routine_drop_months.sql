SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: the tables are bqx_owner's whoever calls it, a front among them.
CREATE OR REPLACE FUNCTION bqx.drop_months(before date) RETURNS SETOF bqx.removal
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    first_kept CONSTANT date := bqx.check_month(before);
    longest CONSTANT int := (SELECT max(f.lookback) FROM bqx.family f WHERE f.enabled);
    one record;
    month date;
    family text;
    removed bqx.removal;
BEGIN
    -- A baseline bar may be dropped: its rate is in bqx.baseline_rates.
    FOR one IN SELECT p.pair FROM bqx.pair p UNION ALL SELECT 'market' ORDER BY 1 LOOP
        -- Of the bars, what comes before this month goes.
        SELECT one.pair AS pair, coalesce(max(m.month), DATE '-infinity') AS first_bars INTO one
        FROM (
            SELECT m.month, sum(m.bars) OVER (ORDER BY m.month DESC) AS bars
            FROM bqx.m1_month m
            WHERE m.pair = one.pair AND m.month < first_kept
        ) m
        WHERE m.bars >= longest;
        PERFORM bqx.lock_partition(s.family, s.pair, s.month)
        FROM bqx.partition_state s WHERE s.pair = one.pair AND s.month < first_kept;

        SELECT NULL::int, one.pair, NULL::smallint, first_kept,
            (SELECT coalesce(sum(m.bars), 0) FROM bqx.m1_month m WHERE m.pair = one.pair AND m.month < one.first_bars),
            count(s.rows), coalesce(sum(s.rows), 0), bqx.pair_bytes(one.pair, first_kept)
        INTO removed.removal_id, removed.pair, removed.pair_no, removed.before_month, removed.bars, removed.partitions,
            removed.rows, removed.bytes
        FROM bqx.partition_state s
        WHERE s.pair = one.pair AND s.month < first_kept;

        FOR family, month IN
            SELECT s.family, s.month FROM bqx.partition_state s WHERE s.pair = one.pair AND s.month < first_kept
        LOOP
            EXECUTE format('DROP TABLE IF EXISTS bqx.%I', bqx.partition_name(family, one.pair, month));
        END LOOP;
        FOR month IN SELECT m.month FROM bqx.m1_month m WHERE m.pair = one.pair AND m.month < one.first_bars LOOP
            EXECUTE format('DROP TABLE IF EXISTS bqx.%I', bqx.partition_name('m1', one.pair, month));
        END LOOP;
        DELETE FROM bqx.partition_state s WHERE s.pair = one.pair AND s.month < first_kept;
        DELETE FROM bqx.m1_month m WHERE m.pair = one.pair AND m.month < one.first_bars;
        UPDATE bqx.pair p SET kept_from = first_kept WHERE p.pair = one.pair AND p.kept_from < first_kept
            AND EXISTS (SELECT FROM bqx.source_month m WHERE m.pair = one.pair);

        removed.bytes := removed.bytes - bqx.pair_bytes(one.pair, first_kept);
        CONTINUE WHEN removed.bars = 0 AND removed.partitions = 0 AND removed.bytes = 0;
        INSERT INTO bqx.removal (pair, before_month, bars, partitions, rows, bytes)
        VALUES (removed.pair, removed.before_month, removed.bars, removed.partitions, removed.rows, removed.bytes)
        RETURNING * INTO removed;
        RETURN NEXT removed;
    END LOOP;
END
$$;
COMMENT ON FUNCTION bqx.drop_months IS
    'Retention: drops bars and features of the months before one, of all pairs. Bars that the rows which stay were'
    ' computed from, or would be computed from again, are kept: the last months before it that hold the longest'
    ' lookback. Returns a row of bqx.removal for each pair that lost something. For the owner of the schema and'
    ' superusers alone.';
