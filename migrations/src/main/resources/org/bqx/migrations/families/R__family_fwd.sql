SET LOCAL ROLE bqx_owner;

-- FWD: how far the W bars after a bar lie from it. The mirror image of BQX, and a target: no feature may read it.
DELETE FROM bqx.feature_definition WHERE family = 'fwd';
INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, least_window, default_windows, tables_stage, backfill_stage, description) VALUES
    ('fwd', 16, 'target', '{x}', 2, '{60,90,150,240,390,630}', '1.5.7', '1.5.7.1',
        'how far the W bars after a bar lie from it; positive: they lie below, the price fell');

DELETE FROM bqx.feature_metric WHERE family = 'fwd';
INSERT INTO bqx.feature_metric (
    family, metric_no, metric, needs_windows, ahead_windows, undefined_when, lowest, highest, range_scale, drawn, unit,
    description) VALUES
    ('fwd', 1, 'return', 0, 1, 'fewer than W bars follow', '-Infinity', 1, 'W', NULL, 'ratio',
        'sum of (x - f) / x over the W indexes f after x'),
    ('fwd', 2, 'mean_return', 0, 1, 'fewer than W bars follow', '-Infinity', 1, '1', 'one window', 'ratio',
        'return / W: (x - mean) / x'),
    ('fwd', 3, 'max_index', 0, 1, 'fewer than W bars follow', 0, 'Infinity', '1', NULL, 'index points',
        'greatest index of the W bars after'),
    ('fwd', 4, 'min_index', 0, 1, 'fewer than W bars follow', 0, 'Infinity', '1', NULL, 'index points',
        'least index of the W bars after'),
    ('fwd', 5, 'avg_index', 0, 1, 'fewer than W bars follow', 0, 'Infinity', '1', NULL, 'index points',
        'mean index of the W bars after'),
    ('fwd', 6, 'stdev_index', 0, 1, 'fewer than W bars follow', 0, 'Infinity', '1', NULL, 'index points',
        'sample standard deviation of the W indexes after'),
    ('fwd', 7, 'endpoint', 0, 1, 'fewer than W bars follow', '-Infinity', 1, '1', NULL, 'ratio',
        '(x - x W bars later) / x'),
    ('fwd', 8, 'range', 0, 1, 'fewer than W bars follow', 0, 'Infinity', '1', NULL, 'ratio', '(max - min) / x'),
    ('fwd', 9, 'volatility', 0, 1, 'fewer than W bars follow', 0, 'Infinity', '1', NULL, 'ratio', 'stdev_index / x');
UPDATE bqx.feature_metric SET level = metric IN ('max_index', 'min_index', 'avg_index') WHERE family = 'fwd';

DELETE FROM bqx.feature_rule WHERE family = 'fwd';
INSERT INTO bqx.feature_rule (family, metric, rule, expected, holds, quick) VALUES
    ('fwd', 'return', 'W * mean_return',
        '%2$s * %1$smean_return',
        'abs(%1$sreturn - %2$s * %1$smean_return) <= 1e-9 * abs(%2$s * %1$smean_return)',
        '%1$sreturn = %2$s * %1$smean_return'),
    ('fwd', 'mean_return', '(x - avg) / x',
        '(b.x - %1$savg_index) / b.x',
        'abs((1 - %1$smean_return) * b.x - %1$savg_index) <= 1e-12 * (%1$savg_index + b.x)',
        NULL),
    ('fwd', 'avg_index', 'min <= avg <= max',
        NULL,
        '%1$savg_index BETWEEN %1$smin_index - 1e-9 AND %1$smax_index + 1e-9 AND %1$savg_index < ''Infinity''',
        '%1$savg_index BETWEEN %1$smin_index AND %1$smax_index'),
    ('fwd', 'endpoint', '(x - x(t+W)) / x',
        '(b.x - $2[b.position + %2$s]) / b.x',
        'abs((1 - %1$sendpoint) * b.x - $2[b.position + %2$s]) <= 1e-12 * (b.x + %1$smax_index)',
        NULL),
    ('fwd', 'range', '(max - min) / x',
        '(%1$smax_index - %1$smin_index) / b.x',
        'abs(%1$srange * b.x - (%1$smax_index - %1$smin_index)) <= 1e-12 * (b.x + %1$savg_index)',
        'abs(%1$srange * b.x - (%1$smax_index - %1$smin_index)) <= b.slack'),
    ('fwd', 'volatility', 'stdev / x',
        '%1$sstdev_index / b.x',
        'abs(%1$svolatility * b.x - %1$sstdev_index) <= 1e-9 * %1$sstdev_index',
        NULL);
