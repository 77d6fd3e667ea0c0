SET LOCAL ROLE bqx_owner;

-- Realized volatility: of a bar, not annualised.
DELETE FROM bqx.feature_definition WHERE family = 'rvol';
INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, least_window, default_windows, tables_stage, backfill_stage, description) VALUES
    ('rvol', 12, 'feature', '{x,o,h,l}', 2, '{20,60,240}', '2.2', '2.2.5',
        'realized volatility of a bar, not annualised, over the W bars that end with the row''s');

DELETE FROM bqx.feature_metric WHERE family = 'rvol';
INSERT INTO bqx.feature_metric (
    family, metric_no, metric, windows, needs_windows, needs_bars, undefined_when, lowest, highest, unit, description)
VALUES
    ('rvol', 1, 'close', NULL, 1, 0,
        NULL,
        0, 'Infinity', 'ratio',
        'sample standard deviation of the W returns ln(x / x before)'),
    ('rvol', 2, 'yang_zhang', NULL, 1, 0,
        NULL,
        0, 'Infinity', 'ratio',
        'Yang and Zhang: from gaps, bodies and ranges of W bars'),
    ('rvol', 3, 'parkinson', NULL, 1, -1,
        NULL,
        0, 'Infinity', 'ratio',
        'Parkinson: sqrt(mean of ln(h / l)^2 / (4 ln 2)) of W bars'),
    ('rvol', 4, 'garman_klass', NULL, 1, -1,
        NULL,
        0, 'Infinity', 'ratio',
        'Garman and Klass: sqrt(mean of ln(h / l)^2 / 2 - (2 ln 2 - 1) ln(x / o)^2) of W bars'),
    ('rvol', 5, 'rogers_satchell', NULL, 1, -1,
        NULL,
        0, 'Infinity', 'ratio',
        'Rogers and Satchell: sqrt(mean of ln(h / o) ln(h / x) + ln(l / o) ln(l / x)) of W bars'),
    ('rvol', 6, 'bipower', '{60}', 1, 0,
        NULL,
        0, 'Infinity', 'ratio',
        'sqrt(pi / 2 * mean of |r r before|) over the 59 neighbouring returns in 60 bars'),
    ('rvol', 7, 'jump', '{60}', 1, 0,
        'the closes of 61 bars are equal',
        0, 1, 'ratio',
        'max(0, 1 - bipower^2 / mean r^2): the share of jumps in the variance of 60 bars'),
    ('rvol', 8, 'ratio', '{}', 0, 240,
        'the 240 returns are equal',
        0, 'Infinity', 'ratio',
        'standard deviation of 20 returns over that of 240');

DELETE FROM bqx.feature_rule WHERE family = 'rvol';
