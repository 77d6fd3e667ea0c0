SET LOCAL ROLE bqx_owner;

-- What must hold between a row's fields and the bars, for every row of a family that has the window:
-- conditions over p, the row, and b, its bar (x is the rate_index, position counts from 1 in $2, the
-- indexes with the lookback). expected is NULL where the rule is an inequality.
CREATE OR REPLACE FUNCTION bqx.verify_rules(family text)
RETURNS TABLE (window_length int, column_name text, rule text, expected text, holds text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH relation (family, metric, rule, expected, slack) AS (
        -- %1$s: a column's name up to the metric; %2$s: W. slack: what rounding may add to 1e-9 relative.
        VALUES
            ('bqx', 'return', 'W * mean_return', '%2$s * %1$smean_return', '1e-13 * %2$s * %1$smax_index / b.x'),
            ('bqx', 'mean_return', '(avg - x) / x', '(%1$savg_index - b.x) / b.x', '1e-13 * %1$smax_index / b.x'),
            ('bqx', 'range', '(max - min) / x', '(%1$smax_index - %1$smin_index) / b.x', '1e-13 * %1$smax_index / b.x'),
            ('bqx', 'volatility', 'stdev / x', '%1$sstdev_index / b.x', '0'),
            ('bqx', 'endpoint', '(x(t-W) - x) / x', '($2[b.position - %2$s] - b.x) / b.x', '1e-13 * %1$smax_index / b.x'),
            ('reg', 'a_term', 'a * (W-1)^2', '%1$sa * (%2$s - 1.0)::float8 ^ 2', '0'),
            ('reg', 'b_term', 'b * (W-1)', '%1$sb * (%2$s - 1.0)::float8', '0'),
            ('reg', 'resid_end', 'x(t-1) - fitted end', '$2[b.position - 1] - (%1$sa_term + %1$sb_term + %1$sc)',
                '1e-13 * (abs(%1$sa_term) + abs(%1$sb_term) + abs(%1$sc) + $2[b.position - 1])'),
            ('reg', 'endpoint', '(x - x(t-W)) / x(t-W)',
                '(b.x - $2[b.position - %2$s]) / $2[b.position - %2$s]', '1e-13 * b.x / $2[b.position - %2$s]')
    ), domain (family, metric, rule, holds) AS (
        VALUES
            ('bqx', 'avg_index', 'min <= avg <= max',
                '%1$savg_index BETWEEN %1$smin_index - 1e-9 AND %1$smax_index + 1e-9'),
            ('bqx', 'stdev_index', 'stdev >= 0', '%1$sstdev_index >= 0'),
            ('bqx', 'range', 'range >= 0', '%1$srange >= 0'),
            ('reg', 'r2', '0 <= r2 <= 1', '%1$sr2 BETWEEN -1e-9 AND 1 + 1e-9'),
            ('reg', 'rmse', 'rmse >= 0', '%1$srmse >= 0')
    ), field AS (
        SELECT c.column_name, c.metric, c.window_length, format('p.w%s_%s_', c.window_length, verify_rules.family) AS prefix
        FROM bqx.feature_columns(verify_rules.family) c
    )
    SELECT f.window_length, f.column_name, d.rule, NULL, format(d.holds, f.prefix, f.window_length)
    FROM field f JOIN domain d ON d.family = verify_rules.family AND d.metric = f.metric
    UNION ALL
    SELECT f.window_length, f.column_name, r.rule, e.expected,
        format('abs(p.%1$I - (%2$s)) <= 1e-9 * abs(p.%1$I) + %3$s', f.column_name, e.expected,
            format(r.slack, f.prefix, f.window_length))
    FROM field f
    JOIN relation r ON r.family = verify_rules.family AND r.metric = f.metric
    CROSS JOIN LATERAL (SELECT format(r.expected, f.prefix, f.window_length)) AS e (expected);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.verify_rules TO bqx_runner, bqx_reader;
