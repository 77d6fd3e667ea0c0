SET LOCAL ROLE bqx_owner;

-- STAT: higher-order statistics of returns. r is the one-bar return, d the move x - x of the bar before.
DELETE FROM bqx.feature_definition WHERE family = 'stat';
INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, least_window, default_windows, tables_stage, backfill_stage, description) VALUES
    ('stat', 15, 'feature', '{x}', 4, '{60,240}', '2.3', '2.3.3',
        'shape, spread, information and memory of the last W returns, the bar''s own among them');

DELETE FROM bqx.feature_metric WHERE family = 'stat';
INSERT INTO bqx.feature_metric (
    family, metric_no, metric, windows, undefined_when, lowest, highest, range_scale, unit, description) VALUES
    ('stat', 1, 'skewness', NULL, 'the last W returns are equal', -1, 1, 'sqrt(W)', 'ratio',
        'sample skewness of the last W returns: n / ((n-1)(n-2)) * sum of ((r - mean) / stdev)^3'),
    ('stat', 2, 'kurtosis', NULL, 'the last W returns are equal', '-Infinity', 1, 'W', 'ratio',
        'sample excess kurtosis of the last W returns: 0 for a normal distribution'),
    ('stat', 3, 'mad', NULL, NULL, 0, 'Infinity', '1', 'ratio', 'median of abs(r - median r) of the last W returns'),
    ('stat', 4, 'entropy', NULL, NULL, 0, 3.321928094887362, '1', 'bits',
        'Shannon''s entropy of the last W moves in 10 bins of equal width; 0 if they are equal'),
    ('stat', 5, 'autocorr', NULL, 'the last W returns, but for the first or the last, are equal', -1, 1, '1', 'ratio',
        'Pearson''s correlation of r and the r before, over the W-1 pairs of the last W returns'),
    ('stat', 6, 'variance_ratio5', '{240}', 'the last W returns are equal', 0, 'Infinity', '1', 'ratio',
        'Lo and MacKinlay''s variance ratio: variance of logarithmic returns over 5 bars, over 5 times that over one; 1 for a random walk'),
    ('stat', 7, 'variance_ratio15', '{240}', 'the last W returns are equal', 0, 'Infinity', '1', 'ratio',
        'the same over 15 bars'),
    ('stat', 8, 'hurst', '{240}', 'the last W returns are equal, or all their sums over 2, 4, 8, 16 or 32 bars', '-Infinity',
        'Infinity', '1', 'ratio',
        'exponent by which the standard deviation of logarithmic returns over q bars grows with q = 1, 2, 4, ... 32; 0.5 for a random walk');

DELETE FROM bqx.feature_rule WHERE family = 'stat';
INSERT INTO bqx.feature_rule (family, metric, rule, expected, holds, quick) VALUES
    ('stat', 'kurtosis', '-6 <= kurtosis <= W',
        NULL,
        '%1$skurtosis BETWEEN -6 - 1e-6 AND %2$s + 1e-6',
        NULL);
