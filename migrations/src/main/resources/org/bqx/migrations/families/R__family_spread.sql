SET LOCAL ROLE bqx_owner;

-- SPREAD: the quoted spread S = 10,000 * (ask - bid) / mid, beside its own past.
DELETE FROM bqx.feature_definition WHERE family = 'spread';
INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, least_window, default_windows, tables_stage, backfill_stage, description) VALUES
    ('spread', 7, 'feature', '{x,bid,ask}', NULL, '{}', '2.1', '2.1.5',
        'the quoted spread, beside its own past; needs bid and ask; windows end with the bar itself');

DELETE FROM bqx.feature_metric WHERE family = 'spread';
INSERT INTO bqx.feature_metric (
    family, metric_no, metric, windows, needs_windows, needs_bars, undefined_when, lowest, highest, unit, description) VALUES
    ('spread', 1, 'quoted', '{}', 0, 0, 'bid or ask is absent', '-Infinity', 'Infinity', 'basis points',
        '10,000 * (ask - bid) / mid'),
    ('spread', 2, 'mean', '{60}', 1, -1, 'a bid or ask of the window is absent', '-Infinity', 'Infinity', 'basis points',
        'mean of the last W spreads'),
    ('spread', 3, 'stdev', '{60}', 1, -1, 'a bid or ask of the window is absent', 0, 'Infinity', 'basis points',
        'sample standard deviation of the last W spreads'),
    ('spread', 4, 'slope', '{60}', 1, -1, 'a bid or ask of the window is absent', '-Infinity', 'Infinity',
        'basis points a bar', 'least-squares slope of the last W spreads'),
    ('spread', 5, 'range', '{60}', 1, -1, 'a bid or ask of the window is absent', 0, 'Infinity', 'basis points',
        'greatest less least of the last W spreads'),
    ('spread', 6, 'spike', '{60}', 1, -1, 'a bid or ask of the window is absent', 0, 1, '0 or 1',
        '1 if the spread is above twice the mean of the last W'),
    ('spread', 7, 'percentile', '{60}', 1, -1, 'a bid or ask of the window is absent', 0, 1, 'ratio',
        'share of the last W differences ask - bid below the bar''s, and half of those equal to it'),
    ('spread', 8, 'mid_volatility', '{60}', 1, 0, 'a bid or ask of the window is absent', 0, 'Infinity', 'ratio',
        'sample standard deviation of the last W one-bar returns of the mid');

DELETE FROM bqx.feature_rule WHERE family = 'spread';
INSERT INTO bqx.feature_rule (family, metric, rule, expected, holds, quick) VALUES
    ('spread', 'spike', 'spread > 2 * mean',
        '(p.spread_quoted > 2 * %1$smean)::int',
        '%1$sspike = (p.spread_quoted > 2 * %1$smean)::int',
        NULL);
