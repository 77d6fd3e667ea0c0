SET LOCAL ROLE bqx_owner;

-- Dropped first: a function of other columns cannot be replaced.
DROP FUNCTION IF EXISTS bqx.verify_rules(text);
CREATE FUNCTION bqx.verify_rules(family text)
RETURNS TABLE (element int, column_name text, needs int, rule text, expected text, holds text, quick text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.element, c.column_name, c.needs, r.rule, r.expected,
        CASE WHEN c.undefined_when IS NULL THEN r.holds
            ELSE format('(p.%I IS NULL OR %s)', c.column_name, r.holds) END,
        CASE WHEN c.undefined_when IS NULL THEN coalesce(r.quick, r.holds)
            ELSE format('(p.%I IS NULL OR %s)', c.column_name, coalesce(r.quick, r.holds)) END
    FROM (
        SELECT c.*, format('p.%s', left(c.column_name, -length(c.metric))) AS prefix
        FROM bqx.feature_column c
        WHERE c.family = verify_rules.family
    ) c
    CROSS JOIN LATERAL (
        SELECT r.rule, format(r.expected, c.prefix, c.window_length) AS expected,
            format(r.holds, c.prefix, c.window_length) AS holds, format(r.quick, c.prefix, c.window_length) AS quick
        FROM bqx.feature_rule r
        WHERE r.family = c.family AND r.metric = c.metric
        UNION ALL
        SELECT concat_ws(' <= ', nullif(c.lowest, '-Infinity'), c.metric, nullif(c.highest, 'Infinity')), NULL, range.holds, NULL
        FROM (
            SELECT concat_ws(' AND ',
                format(CASE c.lowest WHEN '-Infinity' THEN 'p.%I > ''-Infinity''' ELSE 'p.%I >= %s' END,
                    c.column_name, c.lowest - 1e-9),
                format(CASE c.highest WHEN 'Infinity' THEN 'p.%I < ''Infinity''' ELSE 'p.%I <= %s' END,
                    c.column_name, c.highest + 1e-9)) AS holds
        ) range
        WHERE NOT EXISTS (SELECT FROM bqx.feature_rule r WHERE r.family = c.family AND r.metric = c.metric)
    ) r;
$$;
GRANT EXECUTE ON FUNCTION bqx.verify_rules TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.verify_rules IS
    'What must hold between a row''s columns and the bars, for every row of a family that has the history, from'
    ' bqx.feature_rule, whose comment says how to read it. A column that no rule is about must lie in its range.'
    ' Where a column can be undefined, NULL keeps every rule.';
