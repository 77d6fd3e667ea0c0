SET LOCAL ROLE bqx_owner;

-- Checks one partition against its bars: facts, then warnings and differences, none when all is well.
-- sample rows meet the reference; every_row computes all rows again and compares bits. docs/verify.md says
-- what each check proves.
--
-- SECURITY DEFINER: who reads may verify, and need not be able to call the Java functions.
CREATE OR REPLACE FUNCTION bqx.verify(
    family text, pair text, month date, sample int DEFAULT 200, every_row boolean DEFAULT false,
    lowest_index double precision DEFAULT 50, highest_index double precision DEFAULT 200)
RETURNS TABLE (kind text, check_name text, ts_utc timestamptz, column_name text, found text, expected text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET "TimeZone" = 'UTC'
SET enable_hashjoin = on
SET work_mem = '64MB'
-- Compiling expressions over 57 columns takes longer than evaluating them for a month.
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    -- A thing that is wrong in every row is named this often, and counted.
    most_named CONSTANT int := 20;
    checked_family CONSTANT text := bqx.check_family(family);
    checked_pair CONSTANT text := bqx.check_pair(pair);
    checked_month CONSTANT date := bqx.check_month(month);
    name CONSTANT text := bqx.partition_name(checked_family, checked_pair, checked_month);
    columns CONSTANT text[] := ARRAY(
        SELECT c.column_name FROM bqx.feature_columns(checked_family) c ORDER BY c.element);
    stored CONSTANT text := 'ARRAY[p.rate_index, ' || (SELECT string_agg(format('p.%I', c), ', ') FROM unnest(columns) c) || ']';
    progress record;
    state record;
    source record;
    conditions record;
    all_right boolean;
    result record;
    positions int[];
BEGIN
    IF coalesce(sample, -1) < 0 OR every_row IS NULL OR lowest_index IS NULL OR highest_index IS NULL THEN
        RAISE EXCEPTION 'sample is %, every_row %, lowest_index %, highest_index %: must be a count from 0 on and no NULL',
            sample, every_row, lowest_index, highest_index
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass(format('bqx.%I', name)) IS NOT NULL THEN
        -- Until the end nobody puts other rows in place, so that rows and state belong together.
        EXECUTE format('LOCK TABLE bqx.%I IN ACCESS SHARE MODE', name);
    END IF;

    SELECT p.state, p.reason INTO progress
    FROM bqx.progress p
    WHERE p.family = checked_family AND p.pair = checked_pair AND p.month = checked_month;
    SELECT s.* INTO state
    FROM bqx.partition_state s
    WHERE s.family = checked_family AND s.pair = checked_pair AND s.month = checked_month;
    IF progress.state IS DISTINCT FROM 'done' THEN
        RETURN QUERY SELECT 'difference', 'state', NULL::timestamptz, NULL,
            concat_ws(': ', coalesce(progress.state, 'no bars'), progress.reason), 'done';
    END IF;
    IF to_regclass(format('bqx.%I', name)) IS NULL THEN
        RETURN QUERY SELECT 'difference', 'rows', NULL::timestamptz, NULL, 'no table bqx.' || name, 'a table';
        RETURN;
    END IF;

    EXECUTE format($query$
        WITH feature AS (
            SELECT windows, windows[cardinality(windows)] AS longest FROM bqx.feature WHERE family = $4
        ), bars AS (
            SELECT time, rate_index, coalesce(rate_index > 0 AND rate_index < 'Infinity'
                AND rate_index = close / (SELECT baseline_rate FROM bqx.baseline_rates WHERE pair = $3) * 100, false) AS good
            FROM (
                (SELECT time, close, rate_index FROM bqx.%1$I WHERE time < $1 ORDER BY time DESC
                 LIMIT (SELECT longest FROM feature))
                UNION ALL
                (SELECT time, close, rate_index FROM bqx.%1$I WHERE time >= $1 AND time < $2 ORDER BY time)
            ) AS both_sides
            ORDER BY time
        ), source AS (
            SELECT array_agg(time) AS times, array_agg(rate_index) AS indexes, count(*)::int AS bars,
                (count(*) FILTER (WHERE time < $1))::int AS skip,
                count(*) FILTER (WHERE NOT good) AS bad_bars, min(time) FILTER (WHERE NOT good) AS first_bad
            FROM bars
        )
        SELECT source.*, feature.*, bqx.source_digest(times, indexes) AS digest
        FROM source, feature
        $query$, 'm1_' || checked_pair)
    INTO STRICT source
    USING bqx.month_start(checked_month), bqx.month_start((checked_month + INTERVAL '1 month')::date),
        checked_pair, checked_family;

    SELECT string_agg(w.holds, ' AND ' ORDER BY w.length) AS of_all_windows,
        string_agg(w.quick, ' AND ' ORDER BY w.length) AS of_all_windows_quick,
        string_agg(format('CASE WHEN b.position > %s THEN %s ELSE num_nonnulls(%s) = 0 END', w.length, w.holds, w.fields),
            ' AND ') AS of_each_window,
        string_agg(format('sum(num_nulls(%s)) FILTER (WHERE p.ts_utc IS NOT NULL)', w.fields), ', ' ORDER BY w.length)
            AS nulls,
        coalesce(string_agg(w.average_r2, ', ' ORDER BY w.length), '') AS average_r2
    INTO STRICT conditions
    FROM (
        SELECT c.window_length AS length, string_agg(format('p.%I', c.column_name), ', ') AS fields,
            max(format('sum(p.%1$I) / nullif(count(p.%1$I), 0)', c.column_name)) FILTER (WHERE c.metric = 'r2') AS average_r2,
            rules.holds, rules.quick
        FROM bqx.feature_columns(checked_family) c
        JOIN (
            SELECT window_length, string_agg(r.holds, ' AND ') AS holds, string_agg(r.quick, ' AND ') AS quick
            FROM bqx.verify_rules(checked_family) r GROUP BY window_length
        ) rules ON rules.window_length = c.window_length
        GROUP BY c.window_length, rules.holds, rules.quick
    ) w;

    -- When all is well, one look at each row says so, and what a window lacks follows from its length.
    IF source.bad_bars = 0 THEN
        EXECUTE format($query$
            SELECT count(*) AS rows, count(DISTINCT p.ts_utc) AS times, ($6 - $3)::bigint AS bars,
                min(p.rate_index) AS lowest, max(p.rate_index) AS highest, avg(p.rate_index) AS average,
                count(*) FILTER (WHERE p.rate_index NOT BETWEEN $4 AND $5) AS outside,
                NULL::timestamptz[] AS off_minute, NULL::timestamptz[] AS missing, NULL::timestamptz[] AS extra,
                NULL::int[] AS other_index, NULL::int[] AS suspect,
                ARRAY(SELECT %3$s * greatest(least(w, $6) - $3, 0) FROM unnest($7) w)::bigint[] AS nulls,
                ARRAY[%4$s]::float8[] AS average_r2,
                bool_and((p.ts_utc = $1[b.position] AND p.rate_index = $2[b.position] AND b.position > $3
                    AND date_bin(INTERVAL '1 minute', p.ts_utc, 'epoch') = p.ts_utc
                    AND CASE WHEN b.position > %5$s THEN %1$s ELSE %2$s END) IS TRUE) AS all_right
            FROM (
                SELECT *, width_bucket(ts_utc, $1) AS position, $2[width_bucket(ts_utc, $1) - 1] AS previous,
                    1 / nullif(rate_index, 0) AS inverse, 1e-12 * rate_index AS slack
                FROM bqx.%6$I
                OFFSET 0 -- computed once a row
            ) p
            CROSS JOIN LATERAL (SELECT p.position, p.rate_index AS x, p.previous, p.inverse, p.slack) b
            $query$,
            conditions.of_all_windows_quick,
            CASE WHEN source.skip < source.windows[cardinality(source.windows)] THEN conditions.of_each_window ELSE 'false' END,
            cardinality(columns) / cardinality(source.windows), conditions.average_r2,
            source.windows[cardinality(source.windows)], name)
        INTO STRICT result
        USING source.times, source.indexes, source.skip, lowest_index, highest_index, source.bars, source.windows;
        all_right := result.all_right AND result.rows = result.bars AND result.times = result.rows;
    END IF;
    IF all_right IS NOT TRUE THEN
        -- Merged by the primary key: a hash of the rows would copy them all.
        PERFORM set_config('enable_hashjoin', 'off', true);
        EXECUTE format($query$
            SELECT count(p.ts_utc) AS rows, count(DISTINCT p.ts_utc) AS times, count(b.time) AS bars,
                min(p.rate_index) AS lowest, max(p.rate_index) AS highest, avg(p.rate_index) AS average,
                count(*) FILTER (WHERE p.rate_index NOT BETWEEN $4 AND $5) AS outside,
                array_agg(p.ts_utc) FILTER (WHERE date_bin(INTERVAL '1 minute', p.ts_utc, 'epoch') <> p.ts_utc) AS off_minute,
                array_agg(b.time) FILTER (WHERE p.ts_utc IS NULL) AS missing,
                array_agg(p.ts_utc) FILTER (WHERE b.time IS NULL) AS extra,
                array_agg(b.position) FILTER (WHERE b.x <> p.rate_index) AS other_index,
                array_agg(b.position) FILTER (WHERE b.time = p.ts_utc
                    AND CASE WHEN b.position > %s THEN %s ELSE %s END IS NOT TRUE) AS suspect,
                ARRAY[%s]::bigint[] AS nulls,
                ARRAY[%s]::float8[] AS average_r2
            FROM (
                SELECT time, x, position::int
                FROM unnest($1, $2) WITH ORDINALITY AS u (time, x, position)
                WHERE position > $3
            ) b
            FULL JOIN bqx.%I p ON p.ts_utc = b.time
            $query$,
            source.windows[cardinality(source.windows)], conditions.of_all_windows, conditions.of_each_window,
            conditions.nulls, conditions.average_r2, name)
        INTO STRICT result
        USING source.times, source.indexes, source.skip, lowest_index, highest_index;
        PERFORM set_config('enable_hashjoin', 'on', true);
    END IF;

    RETURN QUERY SELECT 'fact', f.name, NULL::timestamptz, NULL, f.value, NULL
    FROM (VALUES
        ('rows', result.rows::text),
        ('unique times', result.times::text),
        ('min index', result.lowest::text),
        ('max index', result.highest::text),
        ('avg index', result.average::text),
        ('index outside band', result.outside::text)
    ) f (name, value);
    RETURN QUERY SELECT 'fact', format('w%s NULLs', w.length), NULL::timestamptz, NULL, result.nulls[w.no]::text, NULL
    FROM unnest(source.windows) WITH ORDINALITY w (length, no);
    RETURN QUERY SELECT 'fact', format('w%s avg r2', w.length), NULL::timestamptz, NULL, result.average_r2[w.no]::text, NULL
    FROM unnest(source.windows) WITH ORDINALITY w (length, no)
    WHERE checked_family = 'reg';

    IF result.outside > 0 THEN
        RETURN QUERY SELECT 'warning', 'index outside band', NULL::timestamptz, 'rate_index', result.outside || ' rows',
            format('%s to %s', lowest_index, highest_index);
    END IF;
    RETURN QUERY SELECT 'difference', c.name, NULL::timestamptz, NULL, c.found, c.expected
    FROM (VALUES
        ('rows', result.rows::text, result.bars::text),
        ('unique times', result.times::text, result.rows::text),
        ('recorded rows', state.rows::text, result.rows::text),
        ('source digest', source.digest, state.source_digest),
        ('functions version', state.functions_version, (SELECT version FROM bqx.functions_jar))
    ) c (name, found, expected)
    WHERE c.found IS DISTINCT FROM c.expected;
    RETURN QUERY SELECT 'difference', 'missing row', t, NULL::text, 'no row', 'a row for the bar'
    FROM unnest(result.missing) t ORDER BY 3 LIMIT most_named;
    RETURN QUERY SELECT 'difference', 'extra row', t, NULL::text, 'a row', 'none, there is no bar in the month'
    FROM unnest(result.extra) t ORDER BY 3 LIMIT most_named;
    RETURN QUERY SELECT 'difference', 'time on the minute', t, 'ts_utc', t::text, date_trunc('minute', t)::text
    FROM unnest(result.off_minute) t ORDER BY 3 LIMIT most_named;

    RETURN QUERY EXECUTE format($query$
        SELECT 'difference', 'rate_index', p.ts_utc, 'rate_index', p.rate_index::text, $2[i]::text
        FROM unnest($3) i JOIN bqx.%I p ON p.ts_utc = $1[i]
        ORDER BY i
        $query$, name)
    USING source.times, source.indexes, result.other_index[:most_named];
    RETURN QUERY EXECUTE format($query$
        SELECT 'difference', 'baseline', b.baseline_time, 'rate_index', coalesce(p.rate_index::text, 'no row'),
            format('100, at the first bar from %%s on: %%s', b.baseline_date, bqx.utc_text(first_bar.time))
        FROM bqx.baseline_rates b
        LEFT JOIN bqx.%I p ON p.ts_utc = b.baseline_time
        CROSS JOIN LATERAL (
            SELECT min(m.time) AS time FROM bqx.%I m WHERE m.time >= bqx.month_start(b.baseline_date)
        ) first_bar
        WHERE b.pair = $1 AND bqx.month_of(b.baseline_time) = $2
            AND (p.rate_index = 100 AND first_bar.time = b.baseline_time) IS NOT TRUE
        $query$, name, 'm1_' || checked_pair)
    USING checked_pair, checked_month;

    IF result.suspect IS NOT NULL THEN
        RETURN QUERY EXECUTE format($query$
            SELECT 'difference', r.rule, p.ts_utc, r.column_name, r.found::text, r.expected::text
            FROM (SELECT $1[i] AS time, $2[i] AS x, i AS position FROM unnest($3) i) b
            JOIN bqx.%I p ON p.ts_utc = b.time
            CROSS JOIN LATERAL (VALUES %s) r (column_name, rule, found, expected, holds)
            WHERE r.holds IS NOT TRUE
            ORDER BY b.time, r.column_name, r.rule
            $query$,
            name,
            (SELECT string_agg(rules.text, ', ')
             FROM bqx.feature_columns(checked_family) c
             CROSS JOIN LATERAL (
                SELECT format('(%1$L, ''NULL in the first W rows alone'', p.%1$I, NULL::float8, (p.%1$I IS NULL) = (b.position <= %2$s)),'
                    ' (%1$L, ''finite'', p.%1$I, NULL, p.%1$I IS NULL OR abs(p.%1$I) < ''Infinity'')',
                    c.column_name, c.window_length)
                UNION ALL
                SELECT format('(%L, %L, p.%I, %s, b.position <= %s OR %s)', r.column_name, r.rule, r.column_name,
                    coalesce(r.expected, 'NULL'), r.window_length, r.holds)
                FROM bqx.verify_rules(checked_family) r WHERE r.column_name = c.column_name
             ) rules (text)))
        USING source.times, source.indexes, result.suspect[:most_named];
        IF cardinality(result.suspect) > most_named THEN
            RETURN QUERY SELECT 'difference', 'rules', NULL::timestamptz, NULL,
                cardinality(result.suspect) || ' rows break one', 'none';
        END IF;
    END IF;

    -- Neither the reference nor the kernels take such bars.
    IF source.bad_bars > 0 THEN
        RETURN QUERY SELECT 'difference', 'bars', source.first_bad, 'rate_index',
            source.bad_bars || ' bars, this the first', 'close / baseline * 100, finite and positive';
        RETURN;
    END IF;
    IF result.bars = 0 THEN
        RETURN;
    END IF;

    -- Spread evenly, the first, the last, the first row of each window that has one and that lies in the
    -- month as a whole, and, to name the column, rows that break a rule.
    positions := ARRAY(
        SELECT DISTINCT i
        FROM (
            SELECT source.skip + 1 + ((source.bars - source.skip - 1) * n::bigint / greatest(sample - 1, 1))::int
            FROM generate_series(0, sample - 1) n
            UNION ALL
            SELECT edge FROM unnest(source.windows) w, unnest(ARRAY[w, w + 1, source.skip + w, source.skip + w + 1]) edge
            WHERE sample > 0
            UNION ALL
            SELECT source.bars WHERE sample > 0
            UNION ALL
            SELECT unnest(result.suspect[:most_named])
        ) chosen (i)
        WHERE i BETWEEN source.skip + 1 AND source.bars);
    RETURN QUERY SELECT 'fact', 'rows against the reference', NULL::timestamptz, NULL, cardinality(positions)::text, NULL;
    RETURN QUERY EXECUTE format($query$
        SELECT 'difference', 'reference', against.ts_utc, $4[against.element], against.stored[against.element + 1]::text,
            against.metric::text
        FROM (
            SELECT slice.ts_utc, slice.stored, slice.window_length, m.metric, m.no,
                ((slice.window_no - 1) * cardinality(slice.metrics) + m.no)::int AS element
            FROM (
                SELECT p.ts_utc, %s AS stored, w.window_length, w.window_no,
                    bqx.%I($2[i - w.window_length:i - 1], $2[i]) AS metrics
                FROM unnest($3) i
                JOIN bqx.%I p ON p.ts_utc = $1[i]
                JOIN unnest($5) WITH ORDINALITY w (window_length, window_no) ON i > w.window_length
                OFFSET 0 -- keeps the planner from calling the function once a metric
            ) slice
            CROSS JOIN unnest(slice.metrics) WITH ORDINALITY m (metric, no)
        ) against
        WHERE (abs(against.stored[against.element + 1] - against.metric) <= greatest(
            1e-9 * abs(against.metric),
            1e-11::float8 / CASE $6[against.no] WHEN 'a' THEN (against.window_length - 1)::float8 ^ 2
                WHEN 'b' THEN (against.window_length - 1)::float8 ELSE 1 END)) IS NOT TRUE
        ORDER BY against.ts_utc, against.element
        $query$, stored, checked_family || '_reference', name)
    USING source.times, source.indexes, positions, columns, source.windows,
        (SELECT f.metrics FROM bqx.feature f WHERE f.family = checked_family);

    IF NOT every_row THEN
        RETURN;
    END IF;
    IF bqx.functions_version() IS DISTINCT FROM (SELECT version FROM bqx.functions_jar) THEN
        RAISE EXCEPTION 'this session runs functions %, installed are %',
            bqx.functions_version(), (SELECT version FROM bqx.functions_jar)
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'The jar was replaced since this session loaded it: connect again.';
    END IF;
    -- Records that have the same image have the same bits; of the others, arrays with NULLs may have unlike
    -- images for one content, so that their fields decide.
    RETURN QUERY EXECUTE format($query$
        WITH computed AS (
            SELECT unnest($1[$3 + 1:]) AS ts_utc, bqx.%I($2, $5, $3) AS features
        ), different AS MATERIALIZED (
            SELECT p.ts_utc, %s AS stored, computed.features
            FROM computed JOIN bqx.%I p ON p.ts_utc = computed.ts_utc
            WHERE ROW(%2$s)::record *<> ROW(computed.features)::record
                AND EXISTS (
                    SELECT FROM unnest(%2$s, computed.features) AS field (stored, computed)
                    WHERE float8send(field.stored) IS DISTINCT FROM float8send(field.computed))
        ), named AS (
            SELECT * FROM different ORDER BY ts_utc LIMIT $6
        )
        SELECT 'difference', 'every row', named.ts_utc, ('{rate_index}'::text[] || $4)[i],
            named.stored[i]::text, named.features[i]::text
        FROM named CROSS JOIN generate_series(1, cardinality($4) + 1) i
        WHERE float8send(named.stored[i]) IS DISTINCT FROM float8send(named.features[i])
        UNION ALL
        SELECT 'difference', 'every row', NULL, NULL, count(*) || ' rows differ', 'none'
        FROM different
        HAVING count(*) > $6
        $query$, checked_family || '_rows', stored, name)
    USING source.times, source.indexes, source.skip, columns, source.windows, most_named;
    RETURN QUERY SELECT 'fact', 'rows computed again', NULL::timestamptz, NULL, (source.bars - source.skip)::text, NULL;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.verify TO bqx_runner, bqx_reader;
