SET LOCAL ROLE bqx_owner;

-- RATE: returns, where the close lies among the last ones, the shape of the bar.
DELETE FROM bqx.feature_definition WHERE family = 'rate';
INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, least_window, default_windows, tables_stage, backfill_stage, description) VALUES
    ('rate', 4, 'feature', '{x,o,h,l}', 2, '{15,30,60,240}', '2.1', '2.1.2',
        'returns, where the close lies among the last ones, and the shape of the bar; windows end with the bar itself');

DELETE FROM bqx.feature_metric WHERE family = 'rate';
INSERT INTO bqx.feature_metric (
    family, metric_no, metric, windows, needs_windows, needs_bars, undefined_when, lowest, highest, range_scale, unit,
    description) VALUES
    ('rate', 1, 'return', '{1,5,15,30,60,240}', 1, 0, NULL, -1, 'Infinity', '1', 'ratio',
        '(x - x W bars ago) / x W bars ago; positive: the price rose'),
    ('rate', 2, 'zscore', NULL, 1, -1, 'the last W closes are equal', -1, 1, '(W-1)/sqrt(W)', 'standard deviations',
        '(x - mean) / sample standard deviation of the last W indexes'),
    ('rate', 3, 'position', NULL, 1, -1, 'the last W closes are equal', 0, 1, '1', 'ratio',
        '(x - min) / (max - min) of the last W indexes'),
    ('rate', 4, 'volatility', NULL, 1, 0, NULL, 0, 'Infinity', '1', 'ratio',
        'sample standard deviation of the last W one-bar returns'),
    ('rate', 5, 'bar_range', '{}', 0, 0, NULL, 0, 'Infinity', '1', 'ratio', '(high - low) / close'),
    ('rate', 6, 'bar_body', '{}', 0, 0, 'high and low are equal', -1, 1, '1', 'ratio', '(close - open) / (high - low)'),
    ('rate', 7, 'upper_shadow', '{}', 0, 0, 'high and low are equal', 0, 1, '1', 'ratio',
        '(high - the greater of open and close) / (high - low)'),
    ('rate', 8, 'lower_shadow', '{}', 0, 0, 'high and low are equal', 0, 1, '1', 'ratio',
        '(the lesser of open and close - low) / (high - low)'),
    ('rate', 9, 'close_location', '{}', 0, 0, 'high and low are equal', 0, 1, '1', 'ratio',
        '(close - low) / (high - low): 0 at the low, 1 at the high'),
    ('rate', 10, 'gap', '{}', 0, 1, NULL, -1, 'Infinity', '1', 'ratio',
        '(open - close of the bar before) / close of the bar before'),
    ('rate', 11, 'up_share', '{60}', 1, 0, NULL, 0, 1, '1', 'ratio', 'share of the last W one-bar returns that are positive');

DELETE FROM bqx.feature_rule WHERE family = 'rate';
INSERT INTO bqx.feature_rule (family, metric, rule, expected, holds, quick) VALUES
    ('rate', 'return', '(x - x(t-W)) / x(t-W)',
        '(b.x - $2[b.position - %2$s]) / $2[b.position - %2$s]',
        'abs((1 + %1$sreturn) * $2[b.position - %2$s] - b.x) <= 1e-12 * (b.x + $2[b.position - %2$s])',
        NULL),
    ('rate', 'bar_body', 'abs(body) + shadows = 1',
        NULL,
        'abs(abs(%1$sbar_body) + %1$supper_shadow + %1$slower_shadow - 1) <= 1e-9',
        NULL);
