SET LOCAL ROLE bqx_owner;

-- MICRO: what bars alone tell of the market's microstructure. d is x less x of the bar before.
DELETE FROM bqx.feature_definition WHERE family = 'micro';
INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, least_window, default_windows, tables_stage, backfill_stage, description) VALUES
    ('micro', 6, 'feature', '{x,h,l,volume}', NULL, '{}', '2.1', '2.1.4',
        'direction of ticks, spreads and toxicity of the order flow, estimated from bars');

DELETE FROM bqx.feature_metric WHERE family = 'micro';
INSERT INTO bqx.feature_metric (
    family, metric_no, metric, windows, needs_windows, needs_bars, undefined_when, lowest, highest, unit, description) VALUES
    ('micro', 1, 'tick_direction', '{}', 0, 1, NULL, -1, 1, 'sign', 'sign of d'),
    ('micro', 2, 'tick_rule', '{}', 0, 60, NULL, -1, 1, 'sign', 'last sign of d that is not 0, of 60 bars; 0 if there is none'),
    ('micro', 3, 'roll', '{60}', 1, 0, NULL, 0, 'Infinity', 'ratio',
        'Roll''s spread: 2 * root of max(0, -covariance of d and the d before) / x, over the W-1 pairs of the last W bars'),
    ('micro', 4, 'toxicity', '{60}', 1, -1, 'a volume of the window is absent, or all are 0', 0, 1, 'ratio',
        'sum of volume * abs(2 (close - low) / (high - low) - 1) over sum of volume, of the last W bars; a bar without range counts 0'),
    ('micro', 5, 'corwin_schultz', '{60}', 1, 0, NULL, 0, 2, 'ratio',
        'Corwin and Schultz''s spread, from highs and lows: mean over the W pairs of neighbouring bars, negative ones as 0');

DELETE FROM bqx.feature_rule WHERE family = 'micro';
INSERT INTO bqx.feature_rule (family, metric, rule, expected, holds, quick) VALUES
    ('micro', 'tick_rule', 'a tick is its own last one',
        NULL,
        'abs(%1$stick_rule) <= 1 AND (%1$stick_direction = 0 OR %1$stick_rule = %1$stick_direction)',
        NULL);
