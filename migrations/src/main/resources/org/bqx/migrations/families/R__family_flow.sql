SET LOCAL ROLE bqx_owner;

-- Volume flow: the usual sums since the beginning of time, in bounded forms.
DELETE FROM bqx.feature_definition WHERE family = 'flow';
INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, least_window, default_windows, tables_stage, backfill_stage, description) VALUES
    ('flow', 11, 'feature', '{x,h,l,volume,minute}', NULL, '{}', '2.2', '2.2.4',
        'where volume goes, in bounded forms over the bars that end with the row''s; positive: with rising prices');

DELETE FROM bqx.feature_metric WHERE family = 'flow';
INSERT INTO bqx.feature_metric (
    family, metric_no, metric, windows, needs_windows, needs_bars, undefined_when, lowest, highest, unit, description)
VALUES
    ('flow', 1, 'obv', '{60}', 1, 0,
        'no volume in 60 bars, or an absent volume in one of them',
        -1, 1, 'ratio',
        'sum of sign(change of x) * volume over the volume of 60 bars: on-balance volume'),
    ('flow', 2, 'adl', '{60}', 1, -1,
        'no volume in 60 bars, or an absent volume in one of them',
        -1, 1, 'ratio',
        'sum of c * volume over the volume of 60 bars, c = ((x - l) - (h - x)) / (h - l), 0 for a flat bar: accumulation and distribution'),
    ('flow', 3, 'cmf', '{20}', 1, -1,
        'no volume in 20 bars, or an absent volume in one of them',
        -1, 1, 'ratio',
        'the same over 20 bars: Chaikin''s money flow'),
    ('flow', 4, 'force', '{13}', 0, 240,
        'no volume since the start of the lookback, or for thousands of bars, or an absent volume in this bar',
        '-Infinity', 'Infinity', 'index points',
        'EMA 13 of change of x * volume over EMA 13 of volume: Elder''s force'),
    ('flow', 5, 'eom', '{14}', 1, 0,
        'one of 14 bars has no volume or an absent one',
        '-Infinity', 'Infinity', 'square index points',
        'mean of the change of (h + l) / 2 * (h - l) / volume, times mean volume, 14 bars: ease of movement'),
    ('flow', 6, 'nvi', '{60}', 1, 0,
        'an absent volume in one of 61 bars',
        '-Infinity', 'Infinity', 'ratio',
        'sum of ln(x / x before) over those of 60 bars whose volume is less than the one before'),
    ('flow', 7, 'pvi', '{60}', 1, 0,
        'an absent volume in one of 61 bars',
        '-Infinity', 'Infinity', 'ratio',
        'sum of ln(x / x before) over those of 60 bars whose volume is more than the one before'),
    ('flow', 8, 'mfi', '{14}', 1, 0,
        'no volume in the bars of 14 whose typical price moved, or an absent volume in one of them',
        0, 100, 'per cent',
        '100 P / (P + N), sums of p * volume over the bars of 14 whose p = (h + l + x) / 3 rose and fell: the money flow index'),
    ('flow', 9, 'vwap_distance', '{60}', 1, -1,
        'no volume in 60 bars, or an absent volume in one of them',
        -1, 'Infinity', 'ratio',
        'x / V - 1, V being the mean of (h + l + x) / 3 by volume over 60 bars'),
    ('flow', 10, 'day_vwap_distance', '{}', 0, 1439,
        'no volume since 00:00 UTC, or an absent volume in a bar since then',
        -1, 'Infinity', 'ratio',
        'x / V - 1, V being the mean of (h + l + x) / 3 by volume since 00:00 UTC');

DELETE FROM bqx.feature_rule WHERE family = 'flow';
