SET LOCAL ROLE bqx_owner;

-- What must hold between a row's fields and the bars, for every row of a family that has the window:
-- conditions over p, the row, and b, its bar (x is the rate_index, position counts from 1 in $2, the
-- indexes with the lookback). expected is what the column should be, NULL where the rule is an inequality.
--
-- The slack of holds is for rounding: relative to the indexes 1e-12, to a value alone 1e-9. It is finite
-- where the rules before bound it, so that no NULL, NaN or infinity, in whichever column, keeps all of them.
--
-- Every row of a month meets every rule, and what a rule costs is its number of operators. So there is
-- quick: where it is true of all rules of a window, so is holds. It asks for the bits that the kernel
-- gives, or for less slack: b.slack is 1e-12 * x, b.inverse 1 / x, b.previous the index before.
-- Dropped first: a function of other columns cannot be replaced.
DROP FUNCTION IF EXISTS bqx.verify_rules(text);
CREATE FUNCTION bqx.verify_rules(family text)
RETURNS TABLE (window_length int, column_name text, rule text, expected text, holds text, quick text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH template (family, metric, rule, expected, holds, quick) AS (
        -- %1$s: a column's name up to the metric; %2$s: W.
        VALUES
            ('bqx', 'return', 'W * mean_return',
                '%2$s * %1$smean_return',
                'abs(%1$sreturn - %2$s * %1$smean_return) <= 1e-9 * abs(%2$s * %1$smean_return)',
                '%1$smean_return = %1$sreturn * (1 / %2$s::float8)'),
            ('bqx', 'mean_return', '(avg - x) / x',
                '(%1$savg_index - b.x) / b.x',
                'abs((1 + %1$smean_return) * b.x - %1$savg_index) <= 1e-12 * %1$savg_index',
                NULL),
            ('bqx', 'avg_index', 'min <= avg <= max',
                NULL,
                '%1$savg_index BETWEEN %1$smin_index - 1e-9 AND %1$smax_index + 1e-9 AND %1$savg_index < ''Infinity''',
                '%1$savg_index BETWEEN %1$smin_index AND %1$smax_index'),
            ('bqx', 'stdev_index', 'stdev >= 0',
                NULL,
                '%1$sstdev_index BETWEEN 0 AND 1.7976931348623157e308',
                NULL),
            ('bqx', 'endpoint', '(x(t-W) - x) / x',
                '($2[b.position - %2$s] - b.x) / b.x',
                'abs((1 + %1$sendpoint) * b.x - $2[b.position - %2$s]) <= 1e-12 * (b.x + %1$smax_index)',
                '%1$sendpoint = ($2[b.position - %2$s] - b.x) * b.inverse'),
            ('bqx', 'range', 'range >= 0',
                NULL,
                '%1$srange >= 0',
                NULL),
            ('bqx', 'range', '(max - min) / x',
                '(%1$smax_index - %1$smin_index) / b.x',
                'abs(%1$srange * b.x - (%1$smax_index - %1$smin_index)) <= 1e-12 * (b.x + %1$savg_index)',
                'abs(%1$srange * b.x - (%1$smax_index - %1$smin_index)) <= b.slack'),
            ('bqx', 'volatility', 'stdev / x',
                '%1$sstdev_index / b.x',
                'abs(%1$svolatility * b.x - %1$sstdev_index) <= 1e-9 * %1$sstdev_index',
                '%1$svolatility = %1$sstdev_index * b.inverse'),
            ('reg', 'a_term', 'a * (W-1)^2',
                '%1$sa * (%2$s - 1.0)::float8 ^ 2',
                'abs(%1$sa_term - %1$sa * (%2$s - 1.0)::float8 ^ 2) <= 1e-9 * abs(%1$sa_term) AND abs(%1$sa_term) < ''Infinity''',
                '%1$sa_term = %1$sa * (%2$s - 1.0)::float8 ^ 2'),
            ('reg', 'b_term', 'b * (W-1)',
                '%1$sb * (%2$s - 1.0)::float8',
                'abs(%1$sb_term - %1$sb * (%2$s - 1.0)::float8) <= 1e-9 * abs(%1$sb_term) AND abs(%1$sb_term) < ''Infinity''',
                '%1$sb_term = %1$sb * (%2$s - 1.0)::float8'),
            ('reg', 'r2', '0 <= r2 <= 1',
                NULL,
                '%1$sr2 BETWEEN -1e-9 AND 1 + 1e-9',
                NULL),
            ('reg', 'rmse', 'rmse >= 0',
                NULL,
                '%1$srmse BETWEEN 0 AND 1.7976931348623157e308',
                NULL),
            ('reg', 'resid_end', 'x(t-1) - fitted end',
                '$2[b.position - 1] - (%1$sa_term + %1$sb_term + %1$sc)',
                'abs(%1$sa_term + %1$sb_term + %1$sc + %1$sresid_end - $2[b.position - 1])'
                ' <= 1e-12 * (abs(%1$sa_term) + abs(%1$sb_term) + b.x)',
                'abs(%1$sa_term + %1$sb_term + %1$sc + %1$sresid_end - b.previous) <= b.slack'),
            ('reg', 'endpoint', '(x - x(t-W)) / x(t-W)',
                '(b.x - $2[b.position - %2$s]) / $2[b.position - %2$s]',
                'abs((1 + %1$sendpoint) * $2[b.position - %2$s] - b.x) <= 1e-12 * b.x',
                NULL)
    )
    SELECT c.window_length, c.column_name, t.rule,
        format(t.expected, prefix.text, c.window_length), format(t.holds, prefix.text, c.window_length),
        format(coalesce(t.quick, t.holds), prefix.text, c.window_length)
    FROM bqx.feature_columns(verify_rules.family) c
    JOIN template t ON t.family = verify_rules.family AND t.metric = c.metric
    CROSS JOIN LATERAL (SELECT format('p.w%s_%s_', c.window_length, t.family)) AS prefix (text);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.verify_rules TO bqx_runner, bqx_reader;
