SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.verify_range(
    families text[] DEFAULT NULL, pairs text[] DEFAULT NULL, from_month date DEFAULT NULL, to_month date DEFAULT NULL,
    triangle_tolerance double precision DEFAULT 0.005)
RETURNS TABLE (
    kind text, check_name text, family text, pair text, month date, ts_utc timestamptz, found text, expected text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    -- Of a front whose nodes do not all answer the rest can be read.
    lost CONSTANT jsonb := (SELECT coalesce(jsonb_object_agg(l.pair, format('node %s: %s', l.node, l.reason)), '{}')
        FROM bqx.lost_pairs() l);
    reached CONSTANT text[] := ARRAY(
        SELECT p.pair FROM (SELECT b.pair FROM bqx.pair b UNION ALL SELECT 'market') p WHERE NOT lost ? p.pair);
    wanted_pairs CONSTANT text[] := ARRAY(
        SELECT p.pair FROM bqx.pair p
        WHERE p.pair = ANY (reached)
            AND (verify_range.pairs IS NULL OR p.pair IN (SELECT lower(unnest(verify_range.pairs)))));
    first_month date;
    last_month date;
BEGIN
    RETURN QUERY
    SELECT 'warning', 'pair not looked at', NULL::text, l.key, NULL::date, NULL::timestamptz, l.value, 'an answer of its node'
    FROM jsonb_each_text(lost) l
    WHERE verify_range.pairs IS NULL OR l.key IN (SELECT lower(unnest(verify_range.pairs)));

    SELECT coalesce(date_trunc('month', from_month::timestamp)::date, min(m.month)),
        coalesce(date_trunc('month', to_month::timestamp)::date, max(m.month))
    INTO first_month, last_month
    FROM bqx.m1_month m WHERE m.pair = ANY (wanted_pairs) AND m.bars > 0;

    RETURN QUERY
    WITH asked AS (
        SELECT p.pair, p.base, p.quote, min(m.month) AS first, max(m.month) AS last
        FROM bqx.pair p
        LEFT JOIN bqx.m1_month m ON m.pair = p.pair AND m.bars > 0 AND m.pair = ANY (wanted_pairs)
        WHERE p.pair = ANY (wanted_pairs)
        GROUP BY p.pair, p.base, p.quote
    ), calendar AS (
        SELECT m::date AS month
        FROM generate_series(first_month::timestamp, last_month::timestamp, INTERVAL '1 month') m
    ), lacking AS (
        SELECT asked.pair, calendar.month, calendar.month BETWEEN asked.first AND asked.last AS is_hole
        FROM asked CROSS JOIN calendar
        WHERE (asked.first IS NOT NULL OR verify_range.pairs IS NOT NULL)
            AND NOT EXISTS (
                SELECT FROM bqx.m1_month m
                WHERE m.pair = asked.pair AND m.pair = ANY (wanted_pairs) AND m.month = calendar.month AND m.bars > 0)
    ), hourly AS MATERIALIZED (
        SELECT asked.pair, asked.base, asked.quote, bqx.month_of(bar.time) AS month, bar.time, bar.close
        FROM bqx.hourly_bars(wanted_pairs, first_month, last_month) bar
        JOIN asked ON asked.pair = bar.pair
    ), triangle AS (
        SELECT third.pair, third.month, max(gap.of_one) AS widest,
            (array_agg(third.time ORDER BY gap.of_one DESC))[1] AS widest_at,
            first.pair AS first_pair, second.pair AS second_pair
        FROM hourly first
        JOIN hourly second ON second.base = first.quote AND second.time = first.time
        JOIN hourly third ON third.base = first.base AND third.quote = second.quote AND third.time = first.time
        CROSS JOIN LATERAL (SELECT abs(first.close * second.close / nullif(third.close, 0) - 1) AS of_one) gap
        WHERE gap.of_one > triangle_tolerance
        GROUP BY third.pair, third.month, first.pair, second.pair
    ), owner AS (
        SELECT asked.pair FROM asked
        UNION ALL
        SELECT 'market' WHERE 'market' IN (SELECT lower(unnest(verify_range.pairs))) OR verify_range.pairs IS NULL
    ), tables AS (
        SELECT s.family, s.pair, s.name FROM bqx.stray_table s JOIN owner p ON p.pair = s.pair WHERE s.pair = ANY (reached)
    ), states AS (
        SELECT s.family, s.pair, s.month, s.functions_version
        FROM bqx.partition_state s JOIN owner ON owner.pair = s.pair
        WHERE s.pair = ANY (reached) AND s.rows IS NOT NULL AND s.month IN (SELECT calendar.month FROM calendar)
    ), wanted AS (
        SELECT f.family FROM bqx.feature f
        WHERE families IS NULL OR f.family IN (SELECT lower(unnest(families)))
    )
    SELECT CASE WHEN is_hole THEN 'difference' ELSE 'warning' END,
        CASE WHEN is_hole THEN 'hole between months' ELSE 'month without bars' END,
        NULL::text, lacking.pair, lacking.month, NULL::timestamptz, 'no bars',
        CASE WHEN is_hole THEN 'bars, as before and after' ELSE 'bars, as asked for or as other pairs have' END
    FROM lacking
    UNION ALL
    SELECT 'difference', 'pair without bars', NULL, asked.pair, NULL, NULL, 'no bars at all', 'bars of the pair asked for'
    FROM asked WHERE verify_range.pairs IS NOT NULL AND asked.first IS NULL
    UNION ALL
    -- Where its month has bars, bqx.verify looks for it. What bqx.drop_months took is not lost.
    SELECT 'difference', 'baseline', NULL, b.pair, bqx.month_of(b.baseline_time), b.baseline_time, 'no bar',
        format('the bar whose index is 100, the first from %s on', b.baseline_date)
    FROM bqx.baseline_rates b
    JOIN asked ON asked.pair = b.pair AND asked.first IS NOT NULL
    JOIN bqx.pair p ON p.pair = b.pair AND p.kept_from <= bqx.month_of(b.baseline_time)
    WHERE b.pair = ANY (wanted_pairs)
        AND bqx.month_of(b.baseline_time)
            BETWEEN coalesce(date_trunc('month', from_month::timestamp)::date, '-infinity') AND coalesce(to_month, 'infinity')
        AND NOT EXISTS (
            SELECT FROM bqx.m1_month m
            WHERE m.pair = b.pair AND m.pair = ANY (wanted_pairs) AND m.month = bqx.month_of(b.baseline_time) AND m.bars > 0)
    UNION ALL
    SELECT 'difference', 'table without state', tables.family, tables.pair, NULL, NULL, 'bqx.' || tables.name,
        'a row in bqx.partition_state'
    FROM tables
    WHERE tables.family IN (SELECT wanted.family FROM wanted)
    UNION ALL
    SELECT 'difference', 'same functions', states.family, NULL, NULL, NULL,
        string_agg(DISTINCT states.functions_version, ', '), 'one version'
    FROM states WHERE states.family IN (SELECT wanted.family FROM wanted)
    GROUP BY states.family HAVING count(DISTINCT states.functions_version) > 1
    UNION ALL
    SELECT 'warning', 'triangle', NULL, triangle.pair, triangle.month, triangle.widest_at,
        format('%s x %s is off by %s', triangle.first_pair, triangle.second_pair, triangle.widest),
        'at most ' || triangle_tolerance
    FROM triangle
    UNION ALL
    SELECT 'warning', 'gaps not looked for', NULL, m.pair, NULL, NULL,
        count(*) || CASE count(*) WHEN 1 THEN ' month' ELSE ' months' END, 'bqx.measure_bars has seen all'
    FROM bqx.m1_month m
    JOIN asked ON asked.pair = m.pair
    LEFT JOIN bqx.bar_coverage c ON c.pair = m.pair AND c.month = m.month AND c.pair = ANY (wanted_pairs)
    WHERE m.pair = ANY (wanted_pairs) AND m.bars > 0 AND c.revision IS DISTINCT FROM m.revision
        AND m.month IN (SELECT calendar.month FROM calendar)
    GROUP BY m.pair;

    -- A holiday is what most pairs lack, so that a gap is known by all of them or not at all.
    IF lost <> '{}' THEN
        RETURN QUERY
        SELECT 'warning', 'gaps not told', NULL::text, NULL::text, NULL::date, NULL::timestamptz, 'a node does not answer',
            'all pairs, of which a holiday is the most';
        RETURN;
    END IF;
    RETURN QUERY
    SELECT 'warning', 'gap in bars', NULL::text, g.pair, bqx.month_of(g.to_time), g.from_time,
        format('no bar for %s minutes of an open market, until %s', g.minutes, bqx.utc_text(g.to_time)), 'a bar a minute'
    FROM bqx.gap g
    WHERE g.pair = ANY (wanted_pairs) AND g.state = 'open' AND bqx.month_of(g.to_time) BETWEEN first_month AND last_month;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.verify_range TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.verify_range IS
    'What no partition shows alone: months that are missing, the baseline''s among them, gaps in the bars as bqx.measure_bars found them,'
    ' tables that nothing describes, partitions of unlike functions, and crosses that do not fit their pairs. NULL'
    ' families or pairs means all, NULL months the first and the last that have bars. Triangles are compared at the'
    ' bars of each full hour. Of a front, pairs whose node does not answer are named in a warning each, and gaps are not'
    ' told then.';
