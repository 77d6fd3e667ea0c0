SET LOCAL ROLE bqx_owner;

-- Momentum: how far, and how steadily, the price has moved.
DELETE FROM bqx.feature_definition WHERE family = 'mom';
INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, least_window, default_windows, tables_stage, backfill_stage, description) VALUES
    ('mom', 8, 'feature', '{x,h,l}', NULL, '{}', '2.2', '2.2.1',
        'how far and how steadily the price has moved over the bars that end with the row''s; positive: it rose');

DELETE FROM bqx.feature_metric WHERE family = 'mom';
INSERT INTO bqx.feature_metric (
    family, metric_no, metric, windows, needs_windows, needs_bars, undefined_when, lowest, highest, unit, description)
VALUES
    ('mom', 1, 'momentum', '{10,20}', 1, 0,
        NULL,
        '-Infinity', 'Infinity', 'index points',
        'x - x W bars ago'),
    ('mom', 2, 'roc', '{12}', 0, 12,
        NULL,
        -100, 'Infinity', 'per cent',
        '100 (x - x 12 bars ago) / x 12 bars ago'),
    ('mom', 3, 'stoch_k', '{14}', 0, 13,
        'the highest high of 14 bars is the lowest low',
        0, 100, 'per cent',
        'where x lies between the lowest low and the highest high of 14 bars: %K'),
    ('mom', 4, 'williams', '{14}', 0, 13,
        'the highest high of 14 bars is the lowest low',
        -100, 0, 'per cent',
        '100 (x - highest high) / (highest high - lowest low) of 14 bars: Williams'' %R'),
    ('mom', 5, 'stoch_d', '{14}', 0, 15,
        'one of the three stoch_k is undefined',
        0, 100, 'per cent',
        'mean of three stoch_k: %D'),
    ('mom', 6, 'stoch_slow_d', '{14}', 0, 17,
        'one of the three stoch_d is undefined',
        0, 100, 'per cent',
        'mean of three stoch_d: slow %D'),
    ('mom', 7, 'cmo', '{14}', 0, 14,
        'the close does not change in 14 bars',
        -100, 100, 'per cent',
        '100 times the sum of 14 changes of x over the sum of their sizes: Chande''s momentum oscillator'),
    ('mom', 8, 'cci', '{20}', 0, 19,
        'the typical price of 20 bars is constant',
        -1333.3333333333335, 1333.3333333333335, 'ratio',
        '(p - mean p) / (0.015 mean |p - mean p|), p = (h + l + x) / 3 of 20 bars: the commodity channel index'),
    ('mom', 9, 'ultimate', '{}', 0, 28,
        'the true range is 0 over 7, 14 or 28 bars',
        0, 100, 'per cent',
        '100 (4 A7 + 2 A14 + A28) / 7, A being the sum of x - min(l, x before) over that of the true range: the ultimate oscillator'),
    ('mom', 10, 'awesome', '{}', 0, 33,
        NULL,
        '-Infinity', 'Infinity', 'index points',
        'mean of 5 less mean of 34 of (h + l) / 2: the awesome oscillator'),
    ('mom', 11, 'rsi', '{14}', 0, 497,
        'the close has not changed since the start of the lookback, or for thousands of bars',
        0, 100, 'per cent',
        '100 G / (G + D), G and D being Wilder''s averages of the rises and falls of x: the relative strength index'),
    ('mom', 12, 'stochrsi', '{14}', 0, 510,
        'the relative strength of 14 bars is constant, or undefined in one of them',
        0, 1, 'ratio',
        'where the relative strength lies in its range of 14 bars'),
    ('mom', 13, 'rsi', '{21}', 0, 754,
        'the close has not changed since the start of the lookback, or for thousands of bars',
        0, 100, 'per cent',
        '100 G / (G + D), G and D being Wilder''s averages of the rises and falls of x: the relative strength index'),
    ('mom', 14, 'trix', '{15}', 0, 829,
        NULL,
        '-Infinity', 'Infinity', 'per cent',
        'change in one bar of the EMA 15, taken three times, of x');

DELETE FROM bqx.feature_rule WHERE family = 'mom';
