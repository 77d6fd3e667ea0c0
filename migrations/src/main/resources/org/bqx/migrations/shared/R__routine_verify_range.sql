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
BEGIN
    RETURN QUERY
    WITH asked AS (
        SELECT p.pair, p.base, p.quote,
            (SELECT min(m.month) FROM bqx.m1_month m WHERE m.pair = p.pair AND m.bars > 0) AS first,
            (SELECT max(m.month) FROM bqx.m1_month m WHERE m.pair = p.pair AND m.bars > 0) AS last
        FROM bqx.pair p
        WHERE verify_range.pairs IS NULL OR p.pair IN (SELECT lower(unnest(verify_range.pairs)))
    ), calendar AS (
        SELECT m::date AS month
        FROM (
            SELECT coalesce(date_trunc('month', from_month::timestamp), min(asked.first)::timestamp) AS first,
                coalesce(date_trunc('month', to_month::timestamp), max(asked.last)::timestamp) AS last
            FROM asked
        ) bounds,
            generate_series(bounds.first, bounds.last, INTERVAL '1 month') m
    ), lacking AS (
        SELECT asked.pair, calendar.month, calendar.month BETWEEN asked.first AND asked.last AS is_hole
        FROM asked CROSS JOIN calendar
        WHERE (asked.first IS NOT NULL OR verify_range.pairs IS NOT NULL)
            AND NOT EXISTS (
                SELECT FROM bqx.m1_month m
                WHERE m.pair = asked.pair AND m.month = calendar.month AND m.bars > 0)
    ), hourly AS MATERIALIZED (
        SELECT asked.pair, asked.base, asked.quote, bqx.month_of(bar.time) AS month, bar.time, bar.close
        FROM bqx.hourly_bars(
            ARRAY(SELECT asked.pair FROM asked),
            (SELECT min(calendar.month) FROM calendar), (SELECT max(calendar.month) FROM calendar)) bar
        JOIN asked ON asked.pair = bar.pair
    ), triangle AS (
        SELECT third.pair, third.month, max(gap.of_one) AS widest,
            (array_agg(third.time ORDER BY gap.of_one DESC))[1] AS widest_at,
            first.pair AS first_pair, second.pair AS second_pair
        FROM hourly first
        JOIN hourly second ON second.base = first.quote AND second.time = first.time
        JOIN hourly third ON third.base = first.base AND third.quote = second.quote AND third.time = first.time
        CROSS JOIN LATERAL (SELECT abs(first.close * second.close / nullif(third.close, 0) - 1) AS of_one) gap
        GROUP BY third.pair, third.month, first.pair, second.pair
    ), owner AS (
        SELECT asked.pair FROM asked
        UNION ALL
        SELECT 'market' WHERE 'market' IN (SELECT lower(unnest(verify_range.pairs))) OR verify_range.pairs IS NULL
    ), tables AS (
        SELECT s.family, s.pair, s.name FROM bqx.stray_table s JOIN owner p ON p.pair = s.pair
    ), states AS (
        SELECT s.family, s.pair, s.month, s.functions_version
        FROM bqx.partition_state s JOIN owner ON owner.pair = s.pair
        WHERE s.rows IS NOT NULL AND s.month IN (SELECT calendar.month FROM calendar)
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
    FROM triangle WHERE triangle.widest > triangle_tolerance
    UNION ALL
    SELECT 'warning', 'gap in bars', NULL, g.pair, bqx.month_of(g.to_time), g.from_time,
        format('no bar for %s minutes of an open market, until %s', g.minutes, bqx.utc_text(g.to_time)), 'a bar a minute'
    FROM bqx.gap g
    JOIN asked ON asked.pair = g.pair
    WHERE g.state = 'open' AND bqx.month_of(g.to_time) IN (SELECT calendar.month FROM calendar)
    UNION ALL
    SELECT 'warning', 'gaps not looked for', NULL, m.pair, NULL, NULL,
        count(*) || CASE count(*) WHEN 1 THEN ' month' ELSE ' months' END, 'bqx.measure_bars has seen all'
    FROM bqx.m1_month m
    JOIN asked ON asked.pair = m.pair
    LEFT JOIN bqx.bar_coverage c ON c.pair = m.pair AND c.month = m.month
    WHERE m.bars > 0 AND c.revision IS DISTINCT FROM m.revision AND m.month IN (SELECT calendar.month FROM calendar)
    GROUP BY m.pair;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.verify_range TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.verify_range IS
    'What no partition shows alone: months that are missing, gaps in the bars as bqx.measure_bars found them,'
    ' tables that nothing describes, partitions of unlike functions, and crosses that do not fit their pairs. NULL'
    ' families or pairs means all, NULL months the first and the last that have bars. Triangles are compared at the'
    ' bars of each full hour.';
