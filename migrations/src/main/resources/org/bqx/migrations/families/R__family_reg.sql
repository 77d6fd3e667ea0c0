SET LOCAL ROLE bqx_owner;

-- REG: the least-squares parabola y(k) = a*k^2 + b*k + c through the W bars before a bar, k = 0 ... W-1.
DELETE FROM bqx.feature_definition WHERE family = 'reg';
INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, least_window, default_windows, tables_stage, backfill_stage, description) VALUES
    ('reg', 2, 'feature', '{x}', 3, '{60,90,150,240,390,630}', '1.5.5.2', '1.5.5.3',
        'least-squares parabola y(k) = a*k^2 + b*k + c through the W bars before a bar, k = 0 ... W-1');

DELETE FROM bqx.feature_metric WHERE family = 'reg';
INSERT INTO bqx.feature_metric (
    family, metric_no, metric, lowest, highest, tolerance_power, averaged, drawn, unit, description) VALUES
    ('reg', 1, 'a', '-Infinity', 'Infinity', 2, false, NULL, 'index points a bar squared', 'coefficient of k^2'),
    ('reg', 2, 'b', '-Infinity', 'Infinity', 1, false, NULL, 'index points a bar', 'coefficient of k'),
    ('reg', 3, 'c', '-Infinity', 'Infinity', 0, false, NULL, 'index points', 'constant: the fit at the window''s first bar'),
    ('reg', 4, 'a_term', '-Infinity', 'Infinity', 0, false, NULL, 'index points', 'a * (W-1)^2: the share of a at the window''s end'),
    ('reg', 5, 'b_term', '-Infinity', 'Infinity', 0, false, NULL, 'index points', 'b * (W-1): the share of b at the window''s end'),
    ('reg', 6, 'r2', 0, 1, 0, true, 'every window', 'ratio', '1 - SSres / SStot; 0 for a constant window'),
    ('reg', 7, 'rmse', 0, 'Infinity', 0, false, NULL, 'index points', 'root of SSres / W'),
    ('reg', 8, 'resid_end', '-Infinity', 'Infinity', 0, false, NULL, 'index points', 'last index of the window less the fit there'),
    ('reg', 9, 'endpoint', -1, 'Infinity', 0, false, NULL, 'ratio', '(x - x W bars ago) / x W bars ago');
-- Where a market steps once and stands still, rounding is seen in r2, and in it alone.
UPDATE bqx.feature_metric SET tolerance = 1e-10 WHERE family = 'reg' AND metric = 'r2';

DELETE FROM bqx.feature_rule WHERE family = 'reg';
INSERT INTO bqx.feature_rule (family, metric, rule, expected, holds, quick) VALUES
    ('reg', 'a', 'a is finite',
        NULL,
        'abs(%1$sa) < ''Infinity''',
        'true'), -- a_term bounds it
    ('reg', 'b', 'b is finite',
        NULL,
        'abs(%1$sb) < ''Infinity''',
        'true'), -- b_term bounds it
    ('reg', 'c', 'c is finite',
        NULL,
        'abs(%1$sc) < ''Infinity''',
        'true'), -- resid_end bounds it
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
        'abs((1 + %1$sendpoint) * $2[b.position - %2$s] - b.x) <= 1e-12 * (b.x + $2[b.position - %2$s])',
        'abs((1 + %1$sendpoint) * $2[b.position - %2$s] - b.x) <= b.slack');

DELETE FROM bqx.feature_derived WHERE family = 'reg';
INSERT INTO bqx.feature_derived (family, view_name, metric_no, metric, expression, unit, description) VALUES
    ('reg', 'reg_yhat', 1, 'yhat_end', '%1$sa_term + %1$sb_term + %1$sc', 'index points', 'the fit at the window''s end');
