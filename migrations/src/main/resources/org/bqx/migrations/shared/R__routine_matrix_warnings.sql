SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.matrix_warnings(name text) RETURNS TABLE (message text, hint text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    checked_name CONSTANT text := bqx.check_matrix(name);
    m record;
    said text;
BEGIN
    SELECT x.* INTO STRICT m FROM bqx.matrix x WHERE x.name = checked_name;
    IF m.target_h < m.target_w THEN
        RETURN QUERY SELECT
            format('target %s bars after its row is of %s bars: %s of them are known at the row, and predict themselves',
                m.target_h, m.target_w, m.target_w - m.target_h),
            'Show the score of the forecast that uses the known part beside a model''s.';
    END IF;
    SELECT string_agg(r.pair, ', ' ORDER BY r.pair) INTO said
    FROM unnest(m.related_pairs) r (pair)
    WHERE NOT EXISTS (SELECT FROM bqx.m1_month x WHERE x.pair = r.pair AND x.bars > 0);
    IF said IS NOT NULL THEN
        RETURN QUERY SELECT format('related pairs without bars: %s; their columns are NULL', said),
            'Import their bars, or name the related pairs that have some.';
    END IF;
    SELECT string_agg(early.pair || ' before ' || bqx.utc_text(early.baseline_time), ', ' ORDER BY early.pair) INTO said
    FROM (
        SELECT DISTINCT b.pair, b.baseline_time
        FROM (SELECT DISTINCT c.pair FROM bqx.matrix_column(m.name) c WHERE c.unit LIKE '%index points%') scaled
        CROSS JOIN unnest(m.pairs) own (pair)
        JOIN bqx.baseline_rates b ON b.pair = coalesce(scaled.pair, own.pair)
        LEFT JOIN bqx.baseline_rates start ON start.pair = own.pair
        WHERE b.baseline_time > coalesce(m.from_time, start.baseline_time) AND EXISTS (
            SELECT FROM bqx.m1 x
            WHERE x.pair = b.pair AND x.time >= coalesce(m.from_time, start.baseline_time)
                AND x.time < least(b.baseline_time, m.to_time))
    ) early;
    IF said IS NOT NULL THEN
        RETURN QUERY SELECT 'columns in index points are scaled by a price of their future: ' || said,
            'Start the matrix at the latest baseline bar, or give these pairs an earlier one: bqx.set_baseline.';
    END IF;
    -- The first row of a split, and the bar of its target, which must lie in the split, too.
    SELECT string_agg(s.split, ', ' ORDER BY s.start_time) INTO said
    FROM (VALUES
        ('train', timestamptz '-infinity', m.train_until, 0),
        ('validation', m.train_until, m.validate_until, m.embargo),
        ('test', m.validate_until, 'infinity', m.embargo)
    ) s (split, start_time, end_time, embargo)
    WHERE NOT EXISTS (
        SELECT
        FROM unnest(m.pairs) own (pair)
        LEFT JOIN bqx.baseline_rates b ON b.pair = own.pair
        CROSS JOIN LATERAL (
            SELECT greatest(x.time, m.from_time, CASE WHEN m.from_time IS NULL THEN b.baseline_time END) AS time
            FROM bqx.m1 x WHERE x.pair = own.pair AND x.time >= s.start_time ORDER BY x.time OFFSET s.embargo LIMIT 1
        ) first
        CROSS JOIN LATERAL (
            SELECT x.time FROM bqx.m1 x
            WHERE x.pair = own.pair AND x.time >= first.time ORDER BY x.time OFFSET coalesce(m.target_h, 0) LIMIT 1
        ) last
        WHERE last.time < s.end_time AND first.time < coalesce(m.to_time, 'infinity'));
    IF said IS NOT NULL THEN
        RETURN QUERY SELECT
            format('splits without rows now: %s; train until %s, validation until %s', said,
                bqx.utc_text(m.train_until), bqx.utc_text(m.validate_until)),
            'Import more bars, or give train_until and validate_until.';
    END IF;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.matrix_warnings TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.matrix_warnings IS
    'What a matrix would be better off without, as things are now; no rows where there is nothing.'
    ' bqx.define_matrix warns of it, and so does ./bqx matrix check.';
