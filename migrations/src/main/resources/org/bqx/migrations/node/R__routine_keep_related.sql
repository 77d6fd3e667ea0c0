SET LOCAL ROLE bqx_owner;

-- Dropped first: with another parameter it would be another function.
DROP FUNCTION IF EXISTS bqx.keep_related(
    text, date, bigint, timestamptz[], double precision[], double precision[]);
-- SECURITY DEFINER: a front writes here so.
CREATE OR REPLACE FUNCTION bqx.keep_related(
    pair text, month date, revision bigint, times timestamptz[], indexes double precision[], closes double precision[],
    kept_from date DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    IF NOT EXISTS (SELECT FROM bqx.pair_elsewhere e WHERE e.pair = keep_related.pair) THEN
        RAISE EXCEPTION 'pair % does not live on another node', pair USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    -- The month first: who keeps it at the same time waits here, and fails by it.
    IF revision IS NULL THEN
        DELETE FROM bqx.related_month m WHERE m.pair = keep_related.pair AND m.month = keep_related.month;
    ELSE
        INSERT INTO bqx.related_month AS m (pair, month, bars, revision)
        VALUES (pair, month, coalesce(cardinality(times), 0), revision)
        ON CONFLICT ON CONSTRAINT related_month_pkey DO UPDATE SET bars = excluded.bars, revision = excluded.revision;
    END IF;
    -- Months that were dropped where the pair lives are lookback here, too.
    UPDATE bqx.pair p SET kept_from = keep_related.kept_from
    WHERE p.pair = keep_related.pair AND p.kept_from <> keep_related.kept_from;
    DELETE FROM bqx.related_bar b
    WHERE b.pair = keep_related.pair AND b.time >= bqx.month_start(month) AND b.time < bqx.month_end(month);
    INSERT INTO bqx.related_bar (pair, time, rate_index, close)
    SELECT pair, u.time, u.rate_index, u.close FROM unnest(times, indexes, closes) u (time, rate_index, close);
END
$$;
COMMENT ON FUNCTION bqx.keep_related IS
    'Replaces the copied bars of a month of a pair that lives on another node; revision is that of m1_month there,'
    ' NULL where the month is there no more, and kept_from that of bqx.pair there. For a front alone.';
