INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, related_max_age, least_window, default_windows, tables_stage, backfill_stage,
    description)
VALUES
    ('toy', 97, 'feature', '{x,h}', NULL, 2, '{3,4,10}', '9.1', '9.2', 'a toy of two inputs'),
    ('ahead', 98, 'target', '{x}', NULL, 1, '{2,30}', '9.3', '9.4', 'a toy that looks ahead'),
    ('kin', 99, 'feature', '{x,related}', 5, NULL, '{}', '9.5', '9.6', 'a toy of related pairs');

INSERT INTO bqx.feature_metric (
    family, metric_no, metric, windows, needs_windows, needs_bars, ahead_windows, undefined_when, lowest, highest,
    averaged, drawn, unit, description)
VALUES
    ('toy', 1, 'reach', '{}', 0, 0, 0, NULL, 0, 'Infinity', false, NULL, 'ratio', '(h - x) / x'),
    ('toy', 2, 'high_mean', NULL, 1, -1, 0, NULL, 0, 'Infinity', true, 'one window', 'index points', 'mean of h'),
    ('toy', 3, 'position', NULL, 1, -1, 0, 'the closes are constant', 0, 1, false, NULL, 'ratio', 'where x lies in its range'),
    ('toy', 4, 'high_return', NULL, 1, 0, 0, NULL, -1, 'Infinity', false, NULL, 'ratio', 'return of h'),
    ('ahead', 1, 'mean', NULL, 0, 0, 1, 'fewer than W bars follow', 0, 'Infinity', false, NULL, 'index points', 'mean of the next x'),
    ('kin', 1, 'count', '{}', 0, 0, 0, NULL, 0, 'Infinity', false, NULL, 'pairs', 'related pairs that have a value'),
    ('kin', 2, 'rising', '{}', 0, 0, 0, NULL, 0, 'Infinity', false, NULL, 'pairs', 'related pairs that move with this one'),
    ('kin', 3, 'mean_close', '{}', 0, 0, 0, 'no related pair has a value', 0, 'Infinity', false, NULL, 'price', 'their mean close'),
    ('kin', 4, 'age', '{}', 0, 0, 0, 'no related pair has a value', 0, 5, false, NULL, 'minutes', 'age of the oldest value');

INSERT INTO bqx.feature_rule (family, metric, rule, expected, holds) VALUES
    ('toy', 'high_mean', 'high_mean > 0', NULL, '%1$shigh_mean > 0 AND %1$shigh_mean < ''Infinity''');

INSERT INTO bqx.feature_derived (family, view_name, metric_no, metric, expression, unit, description) VALUES
    ('toy', 'toy_rel', 1, 'high_mean_rel', '%1$shigh_mean / rate_index - 1', 'ratio', 'high_mean beside the index');

SELECT bqx.define_family(family) FROM unnest('{toy,ahead,kin}'::text[]) family;
