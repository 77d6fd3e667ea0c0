SET LOCAL ROLE bqx_owner;

-- REGIME: what kind of market it is. Averages are Wilder's, of 14 bars.
DELETE FROM bqx.feature_definition WHERE family = 'regime';
INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, least_window, default_windows, tables_stage, backfill_stage, description) VALUES
    ('regime', 14, 'feature', '{x,h,l}', NULL, '{}', '2.3', '2.3.2',
        'what kind of market it is: trend, volatility, breakout, phase');

DELETE FROM bqx.feature_metric WHERE family = 'regime';
INSERT INTO bqx.feature_metric (
    family, metric_no, metric, windows, needs_windows, needs_bars, undefined_when, lowest, highest, unit, description) VALUES
    ('regime', 1, 'trend', '{}', 0, 993, 'the true range has been 0 since the first bar that is read', -2, 2, 'class',
        'sign of +DI - -DI, and 0 where ADX <= 20; 2 or -2 where ADX > 25 and they are more than 10 apart, else 1 or -1'),
    ('regime', 2, 'trend_age', '{}', 0, 2433, 'trend is undefined at one of the last 1441 bars', 0, 1440, 'bars',
        'bars since trend changed, at most 1440; 0 where it changed'),
    ('regime', 3, 'volatility_rank', '{}', 0, 1499, NULL, 0, 1, 'ratio',
        'rank of the sample standard deviation of the last 60 logarithmic returns among its last 1440 values: share below, and half of those equal'),
    ('regime', 4, 'volatility', '{}', 0, 1499, NULL, 0, 2, 'class', 'third of volatility_rank: 0 low, 1 middle, 2 high'),
    ('regime', 5, 'breakout', '{}', 0, 1956, NULL, -1, 1, 'sign',
        'sign of x - x 20 bars ago, if ATR then was in the lowest third of its last 1440 values, ATR now is above 1.5 times'
        ' that, and the move is above twice that; else 0'),
    ('regime', 6, 'phase', '{}', 0, 199, NULL, 0, 3, 'class',
        '1 markup: x above its mean of 200 bars, and its mean of 50 above that of 20 bars ago; 2 distribution: above, not rising;'
        ' 3 markdown: neither; 0 accumulation: rising, not above'),
    ('regime', 7, 'efficiency', '{60}', 1, 0, 'the last W + 1 closes are equal', 0, 1, 'ratio',
        'abs(x - x W bars ago) over the sum of the W absolute moves between');

DELETE FROM bqx.feature_rule WHERE family = 'regime';
INSERT INTO bqx.feature_rule (family, metric, rule, expected, holds, quick) VALUES
    ('regime', 'volatility', 'third of volatility_rank',
        'width_bucket(%1$svolatility_rank, ARRAY[1 / 3.0, 2 / 3.0]::float8[])',
        '%1$svolatility = width_bucket(%1$svolatility_rank, ARRAY[1 / 3.0, 2 / 3.0]::float8[])',
        NULL);
