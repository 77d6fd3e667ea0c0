SET LOCAL ROLE bqx_owner;

-- Called by bqx.verify_families alone, whose settings it has.
CREATE OR REPLACE FUNCTION bqx.verify_partition(
    family text, pair text, month date, progress text, source bqx.source, wrong_bars bigint, first_wrong_bar timestamptz,
    sample int, every_row boolean, lowest_index double precision, highest_index double precision)
RETURNS TABLE (kind text, check_name text, ts_utc timestamptz, column_name text, found text, expected text)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    -- A thing that is wrong in every row is named this often, and counted.
    most_named CONSTANT int := 20;
    name CONSTANT text := bqx.partition_name(family, pair, month);
    state record;
    rows record;
    -- Spread evenly, the first, the last, the first row of each column that has one and that lies in the month as a
    -- whole.
    positions int[] := ARRAY(
        SELECT DISTINCT i
        FROM (
            SELECT source.skip + 1 + ((source.bars - source.tail - source.skip - 1)::bigint * n / greatest(sample - 1, 1))::int
            FROM generate_series(0, sample - 1) n
            UNION ALL
            SELECT edge
            FROM (SELECT DISTINCT c.needs FROM bqx.feature_column c WHERE c.family = verify_partition.family) c,
                unnest(ARRAY[needs, needs + 1, source.skip + needs, source.skip + needs + 1]) edge
            WHERE sample > 0
            UNION ALL
            SELECT source.bars - source.tail WHERE sample > 0
        ) chosen (i)
        WHERE i BETWEEN source.skip + 1 AND source.bars - source.tail);
BEGIN
    rows := bqx.verify_rows(
        family, name, source, lowest_index, highest_index, every_row AND progress IS NOT DISTINCT FROM 'done', positions);
    SELECT s.* INTO state
    FROM bqx.partition_state s
    WHERE s.family = verify_partition.family AND s.pair = verify_partition.pair AND s.month = verify_partition.month;

    RETURN QUERY SELECT 'fact', f.name, NULL::timestamptz, NULL, f.value, NULL
    FROM (VALUES
        ('rows', rows.rows::text),
        ('unique times', rows.times::text),
        ('min index', rows.lowest::text),
        ('max index', rows.highest::text),
        ('avg index', rows.average::text),
        ('index outside band', rows.outside::text)
    ) f (name, value);
    RETURN QUERY SELECT 'fact', label || ' NULLs', NULL::timestamptz, NULL, value::text, NULL
    FROM unnest(rows.null_labels, rows.nulls) fact (label, value);
    RETURN QUERY SELECT 'fact', label, NULL::timestamptz, NULL, value::text, NULL
    FROM unnest(rows.average_labels, rows.averages) fact (label, value)
    WHERE label IS NOT NULL;

    IF progress IN ('stale', 'no bars', 'no quotes') THEN
        RETURN; -- said once: its rows are of other bars, so that each may differ, and none is to be kept
    END IF;
    -- Rows can be added to a table that is locked against being replaced.
    IF source.digest IS DISTINCT FROM state.source_digest AND state.source_revision > source.revision THEN
        RAISE EXCEPTION 'rows were added to bqx.% while it was verified', name
            USING ERRCODE = 'serialization_failure', HINT = 'Verify it again.';
    END IF;
    IF rows.outside > 0 THEN
        RETURN QUERY SELECT 'warning', 'index outside band', NULL::timestamptz, 'rate_index', rows.outside || ' rows',
            format('%s to %s', lowest_index, highest_index);
    END IF;
    RETURN QUERY SELECT 'difference', c.name, NULL::timestamptz, NULL, c.found, c.expected
    FROM (VALUES
        ('rows', rows.rows::text, rows.bars::text),
        ('unique times', rows.times::text, rows.rows::text),
        ('recorded rows', state.rows::text, rows.rows::text),
        ('source digest', source.digest, state.source_digest),
        ('functions version', state.functions_version,
            (SELECT f.functions_version FROM bqx.feature f WHERE f.family = verify_partition.family))
    ) c (name, found, expected)
    WHERE c.found IS DISTINCT FROM c.expected;
    RETURN QUERY SELECT 'difference', 'missing row', t, NULL::text, 'no row', 'a row for the bar'
    FROM unnest(rows.missing) t ORDER BY 3 LIMIT most_named;
    RETURN QUERY SELECT 'difference', 'extra row', t, NULL::text, 'a row', 'none, there is no bar in the month'
    FROM unnest(rows.extra) t ORDER BY 3 LIMIT most_named;
    RETURN QUERY SELECT 'difference', 'time on the minute', t, 'ts_utc', t::text, date_trunc('minute', t)::text
    FROM unnest(rows.off_minute) t ORDER BY 3 LIMIT most_named;

    RETURN QUERY EXECUTE format($query$
        SELECT 'difference', 'rate_index', p.ts_utc, 'rate_index', p.rate_index::text, $2[i]::text
        FROM unnest($3) i JOIN bqx.%I p ON p.ts_utc = $1[i]
        ORDER BY i
        $query$, name)
    USING source.times, source.inputs, rows.other_index[:most_named];
    IF pair <> 'market' THEN
        RETURN QUERY EXECUTE format($query$
            SELECT 'difference', 'baseline', b.baseline_time, 'rate_index',
                format('%%s at %%s', coalesce(p.rate_index::text, 'no row'), bqx.utc_text(b.baseline_time)),
                format('100 at %%s, the first bar from %%s on', bqx.utc_text(first_bar.time), b.baseline_date)
            FROM bqx.baseline_rates b
            LEFT JOIN bqx.%I p ON p.ts_utc = b.baseline_time
            CROSS JOIN LATERAL (
                SELECT min(m.time) AS time FROM bqx.%I m WHERE m.time >= bqx.month_start(b.baseline_date)
            ) first_bar
            WHERE b.pair = $1 AND bqx.month_of(b.baseline_time) = $2
                AND (p.rate_index = 100 AND first_bar.time = b.baseline_time) IS NOT TRUE
            $query$, name, 'm1_' || pair)
        USING pair, month;
    END IF;

    IF rows.suspect IS NOT NULL THEN
        RETURN QUERY SELECT 'difference', s.rule, s.ts_utc, s.column_name, s.found, s.expected
        FROM bqx.verify_suspects(family, name, source, rows.suspect[:most_named]) s;
        IF cardinality(rows.suspect) > most_named THEN
            RETURN QUERY SELECT 'difference', 'rules', NULL::timestamptz, NULL,
                cardinality(rows.suspect) || ' rows break one', 'none';
        END IF;
    END IF;

    IF wrong_bars > 0 THEN
        RETURN QUERY SELECT 'difference', 'bars', first_wrong_bar, 'rate_index',
            CASE wrong_bars WHEN 1 THEN '1 bar' ELSE wrong_bars || ' bars, this the first' END,
            'close / baseline * 100, finite and positive';
        RETURN; -- neither the reference nor the kernels take such bars
    END IF;
    IF source.bad_bars > 0 OR rows.bars = 0 THEN
        RETURN;
    END IF;

    -- Beside those, to name the column, rows that break a rule.
    positions := ARRAY(
        SELECT i FROM unnest(positions) i
        UNION
        SELECT i FROM unnest(rows.suspect[:most_named]) i
        WHERE i BETWEEN source.skip + 1 AND source.bars - source.tail);
    IF bqx.engine() = 'client' THEN
        -- What is left is for who has the Java, at these positions, as long as the bars are what they are now.
        RETURN QUERY SELECT 'pending', 'reference', NULL::timestamptz, NULL, positions::text, source.digest;
        RETURN;
    END IF;
    RETURN QUERY SELECT 'fact', 'rows against the reference', NULL::timestamptz, NULL, cardinality(positions)::text, NULL;
    IF NOT rows.near_reference THEN
        RETURN QUERY SELECT 'difference', 'reference', r.ts_utc, r.column_name, r.found, r.expected
        FROM bqx.verify_reference(family, name, source, positions) r;
    END IF;

    IF every_row THEN
        RETURN QUERY SELECT 'difference', 'every row', r.ts_utc, r.column_name, r.found, r.expected
        FROM bqx.verify_every_row(family, name, source, most_named, rows.same_bits) r;
        RETURN QUERY SELECT 'fact', 'rows computed again', NULL::timestamptz, NULL, rows.bars::text, NULL;
    END IF;
END
$$;
COMMENT ON FUNCTION bqx.verify_partition IS
    'Checks the rows of a partition that has a table, of which bqx.progress says progress, against what it is computed'
    ' from, as bqx.verify says. wrong_bars are what bqx.verify_bars found.';
