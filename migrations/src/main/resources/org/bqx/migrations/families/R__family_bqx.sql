SET LOCAL ROLE bqx_owner;

-- BQX: how far the W bars before a bar lie from it.
DELETE FROM bqx.feature_definition WHERE family = 'bqx';
INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, least_window, default_windows, tables_stage, backfill_stage, description) VALUES
    ('bqx', 1, 'feature', '{x}', 2, '{60,90,150,240,390,630}', '1.5.4.2', '1.5.4.3',
        'how far the W bars before a bar lie from it; positive: they lie above, the price fell');

DELETE FROM bqx.feature_metric WHERE family = 'bqx';
INSERT INTO bqx.feature_metric (family, metric_no, metric, lowest, drawn, unit, description) VALUES
    ('bqx', 1, 'return', '-Infinity', NULL, 'ratio', 'sum of (p - x) / x over the W indexes p before x'),
    ('bqx', 2, 'mean_return', -1, 'one window', 'ratio', 'return / W: (mean - x) / x'),
    ('bqx', 3, 'max_index', 0, NULL, 'index points', 'greatest index of the W bars before'),
    ('bqx', 4, 'min_index', 0, NULL, 'index points', 'least index of the W bars before'),
    ('bqx', 5, 'avg_index', 0, NULL, 'index points', 'mean index of the W bars before'),
    ('bqx', 6, 'stdev_index', 0, NULL, 'index points', 'sample standard deviation of the W indexes before'),
    ('bqx', 7, 'endpoint', -1, NULL, 'ratio', '(x W bars ago - x) / x'),
    ('bqx', 8, 'range', 0, NULL, 'ratio', '(max - min) / x'),
    ('bqx', 9, 'volatility', 0, NULL, 'ratio', 'stdev_index / x');
UPDATE bqx.feature_metric SET level = metric IN ('max_index', 'min_index', 'avg_index') WHERE family = 'bqx';

DELETE FROM bqx.feature_rule WHERE family = 'bqx';
INSERT INTO bqx.feature_rule (family, metric, rule, expected, holds, quick) VALUES
    ('bqx', 'return', 'W * mean_return',
        '%2$s * %1$smean_return',
        'abs(%1$sreturn - %2$s * %1$smean_return) <= 1e-9 * abs(%2$s * %1$smean_return)',
        '%1$smean_return = %1$sreturn * (1 / %2$s::float8)'),
    ('bqx', 'mean_return', '(avg - x) / x',
        '(%1$savg_index - b.x) / b.x',
        'abs((1 + %1$smean_return) * b.x - %1$savg_index) <= 1e-12 * (b.x + %1$savg_index)',
        'abs((1 + %1$smean_return) * b.x - %1$savg_index) <= b.slack'),
    ('bqx', 'max_index', 'max is finite',
        NULL,
        '%1$smax_index < ''Infinity''',
        'true'), -- range bounds it
    ('bqx', 'min_index', 'min is finite',
        NULL,
        'abs(%1$smin_index) < ''Infinity''',
        'true'), -- range bounds it
    ('bqx', 'avg_index', 'min <= avg <= max',
        NULL,
        '%1$savg_index BETWEEN %1$smin_index - 1e-9 AND %1$smax_index + 1e-9 AND %1$savg_index < ''Infinity''',
        '%1$savg_index BETWEEN %1$smin_index AND %1$smax_index'),
    ('bqx', 'stdev_index', 'stdev >= 0',
        NULL,
        '%1$sstdev_index BETWEEN 0 AND 1.7976931348623157e308',
        NULL),
    ('bqx', 'endpoint', '(x(t-W) - x) / x',
        '($2[b.position - %2$s] - b.x) / b.x',
        'abs((1 + %1$sendpoint) * b.x - $2[b.position - %2$s]) <= 1e-12 * (b.x + %1$smax_index)',
        '%1$sendpoint = ($2[b.position - %2$s] - b.x) * b.inverse'),
    ('bqx', 'range', 'range >= 0',
        NULL,
        '%1$srange >= 0',
        '%1$srange BETWEEN 0 AND 1.7976931348623157e308'),
    ('bqx', 'range', '(max - min) / x',
        '(%1$smax_index - %1$smin_index) / b.x',
        'abs(%1$srange * b.x - (%1$smax_index - %1$smin_index)) <= 1e-12 * (b.x + %1$savg_index)',
        '%1$srange = (%1$smax_index - %1$smin_index) * b.inverse'),
    ('bqx', 'volatility', 'stdev / x',
        '%1$sstdev_index / b.x',
        'abs(%1$svolatility * b.x - %1$sstdev_index) <= 1e-9 * %1$sstdev_index',
        '%1$svolatility = %1$sstdev_index * b.inverse');
