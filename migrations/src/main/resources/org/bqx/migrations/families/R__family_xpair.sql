SET LOCAL ROLE bqx_owner;

-- A pair beside the pairs that share a currency with it, its peers, each in the direction that it moves with the pair.
DELETE FROM bqx.feature_definition WHERE family = 'xpair';
INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, related_max_age, least_window, default_windows, tables_stage, backfill_stage,
    description)
VALUES
    ('xpair', 13, 'feature', '{x,close,related}', 4320, NULL, '{}', '2.3', '2.3.1',
        'a pair beside the pairs that share its base or its quote, over the bars that end with the row''s');

DELETE FROM bqx.feature_metric WHERE family = 'xpair';
INSERT INTO bqx.feature_metric (
    family, metric_no, metric, windows, needs_windows, needs_bars, undefined_when, lowest, highest, unit,
    description)
VALUES
    ('xpair', 1, 'corr_base', '{15,60}', 1, 0,
        'no peer of the base varies and has all values, or the closes are constant',
        -1, 1, 'ratio',
        'mean correlation of the W returns with those of the pairs that share the base'),
    ('xpair', 2, 'corr_quote', '{15,60}', 1, 0,
        'no peer of the quote varies and has all values, or the closes are constant',
        -1, 1, 'ratio',
        'mean correlation of the W returns with those of the pairs that share the quote'),
    ('xpair', 3, 'strength_base', '{60}', 1, 0,
        'fewer than 3 peers of the base, or their returns are equal',
        '-Infinity', 'Infinity', 'ratio',
        'return of 60 bars less the mean of the base''s peers, in sample standard deviations of theirs'),
    ('xpair', 4, 'strength_quote', '{60}', 1, 0,
        'fewer than 3 peers of the quote, or their returns are equal',
        '-Infinity', 'Infinity', 'ratio',
        'return of 60 bars less the mean of the quote''s peers, in sample standard deviations of theirs'),
    ('xpair', 5, 'divergence_base', '{60}', 1, 0,
        'fewer than 2 peers of the base',
        0, 'Infinity', 'ratio',
        'sample standard deviation of the 60-bar returns of the base''s peers'),
    ('xpair', 6, 'divergence_quote', '{60}', 1, 0,
        'fewer than 2 peers of the quote',
        0, 'Infinity', 'ratio',
        'sample standard deviation of the 60-bar returns of the quote''s peers'),
    ('xpair', 7, 'triangle', '{}', 0, 0,
        'no triangle has all three closes',
        '-Infinity', 'Infinity', 'basis points',
        'mean over third currencies k of ln of the close less that of its way over k'),
    ('xpair', 8, 'triangle_worst', '{}', 0, 0,
        'no triangle has all three closes',
        '-Infinity', 'Infinity', 'basis points',
        'the largest of these in size, with its sign'),
    ('xpair', 9, 'momentum_divergence_base', '{60}', 1, 0,
        'no peer of the base',
        -1, 1, '-1, 0 or 1',
        'sign of the 60-bar return where the mean of the base''s peers has another, else 0'),
    ('xpair', 10, 'momentum_divergence_quote', '{60}', 1, 0,
        'no peer of the quote',
        -1, 1, '-1, 0 or 1',
        'sign of the 60-bar return where the mean of the quote''s peers has another, else 0'),
    ('xpair', 11, 'lead_lag', '{60}', 1, 0,
        'no peer, or returns that do not vary',
        -1, 1, 'ratio',
        'greatest |correlation| with the peers'' mean return 1 to 5 bars before, less that with it 1 to 5 bars after; positive: the peers lead'),
    ('xpair', 12, 'volatility_ratio', '{60}', 1, 0,
        'no peer, or the peers are constant',
        0, 'Infinity', 'ratio',
        'sample standard deviation of 60 returns over the mean of the peers'''),
    ('xpair', 13, 'coint_z', '{240}', 1, -1,
        'no peer, a peer lacks a value, or nothing remains',
        '-Infinity', 'Infinity', 'ratio',
        'last residual of ln x on the mean of the peers'' over 240 bars, in its standard errors'),
    ('xpair', 14, 'spread_z', '{240}', 1, -1,
        'no peer, a peer lacks a value, or the spread is constant',
        '-Infinity', 'Infinity', 'ratio',
        'ln x less the mean of the peers'', in sample standard deviations from its mean of 240 bars'),
    ('xpair', 15, 'corr_stability', '{240}', 1, 59,
        'no peer varies in one of 240 windows',
        0, 1, 'ratio',
        'sample standard deviation over 240 bars of the mean of both sides'' correlations over 60');

-- Beside a far larger value among those it is left of, the residual is near 0, and known to no more digits.
UPDATE bqx.feature_metric SET tolerance = 1e-9 WHERE family = 'xpair' AND metric = 'coint_z';

DELETE FROM bqx.feature_rule WHERE family = 'xpair';
