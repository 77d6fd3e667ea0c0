SET LOCAL ROLE bqx_owner;

-- VOLUME: volume beside its own past, and beside the moves of the price. r is the one-bar return.
DELETE FROM bqx.feature_definition WHERE family = 'volume';
INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, least_window, default_windows, tables_stage, backfill_stage, description) VALUES
    ('volume', 5, 'feature', '{x,volume}', 1, '{15,30,60}', '2.1', '2.1.3',
        'volume beside its own past, and beside the moves of the price; windows end with the bar itself');

DELETE FROM bqx.feature_metric WHERE family = 'volume';
INSERT INTO bqx.feature_metric (
    family, metric_no, metric, windows, needs_windows, needs_bars, undefined_when, lowest, highest, range_scale, unit,
    description) VALUES
    ('volume', 1, 'ratio', NULL, 1, -1, 'a volume of the window is absent, or all are 0', 0, 1, 'W', 'ratio',
        'volume / mean volume of the last W bars'),
    ('volume', 2, 'spike', '{60}', 1, -1, 'a volume of the window is absent, or all are 0', 0, 1, '1', '0 or 1',
        '1 if the volume is above twice the mean of the last W'),
    ('volume', 3, 'slope', '{60}', 1, -1, 'a volume of the window is absent, or all are 0', '-Infinity', 'Infinity', '1',
        'share of the mean a bar', 'least-squares slope of the last W volumes over their mean'),
    ('volume', 4, 'cumulative', '{60}', 1, -1, 'a volume of the window is absent', 0, 'Infinity', '1', 'volume',
        'sum of the last W volumes'),
    ('volume', 5, 'weighted_return', '{60}', 1, 0, 'a volume of the window is absent, or all are 0', '-Infinity', 'Infinity',
        '1', 'ratio', 'sum of r * volume over sum of volume, of the last W bars: the rolling volume-price trend'),
    ('volume', 6, 'price_corr', '{60}', 1, 0, 'a volume of the window is absent, or the volumes or the abs(r) are equal', -1,
        1, '1', 'ratio', 'Pearson''s correlation of volume and abs(r) over the last W bars'),
    ('volume', 7, 'position', '{60}', 1, -1, 'a volume of the window is absent, or all are equal', 0, 1, '1', 'ratio',
        '(volume - min) / (max - min) of the last W volumes'),
    ('volume', 8, 'volatility', '{60}', 1, -1, 'a volume of the window is absent, or all are 0', 0, 'Infinity', '1', 'ratio',
        'sample standard deviation of the last W volumes over their mean');

DELETE FROM bqx.feature_rule WHERE family = 'volume';
