SET LOCAL ROLE bqx_owner;

-- TIME: where a bar lies in the day and the week, by UTC. A bar's time is its open.
DELETE FROM bqx.feature_definition WHERE family = 'time';
INSERT INTO bqx.feature_definition (
    family, family_no, role, inputs, least_window, default_windows, tables_stage, backfill_stage, description) VALUES
    ('time', 3, 'feature', '{x,minute}', NULL, '{}', '2.1', '2.1.1',
        'where a bar lies in the day, the week and the sessions of the market, by UTC');

DELETE FROM bqx.feature_metric WHERE family = 'time';
INSERT INTO bqx.feature_metric (family, metric_no, metric, windows, needs_bars, lowest, highest, unit, description) VALUES
    ('time', 1, 'hour_sin', '{}', 0, -1, 1, 'ratio', 'sine of the time of day: 2 pi * minute of the day / 1440'),
    ('time', 2, 'hour_cos', '{}', 0, -1, 1, 'ratio', 'cosine of the time of day'),
    ('time', 3, 'dow_sin', '{}', 0, -1, 1, 'ratio',
        'sine of the time of week: 2 pi * minutes since Monday 00:00 / 10080'),
    ('time', 4, 'dow_cos', '{}', 0, -1, 1, 'ratio', 'cosine of the time of week'),
    ('time', 5, 'session_overlap', '{}', 0, 0, 1, '0 or 1', '1 from 13:00 to 15:59, when London and New York are both open'),
    ('time', 6, 'weekend_approach', '{}', 0, 0, 1, '0 or 1', '1 on Friday from 16:00 on, and on Saturday'),
    ('time', 7, 'minutes_since_open', '{}', 0, 0, 659, 'minutes', 'since the latest of 00:00, 08:00 and 13:00'),
    ('time', 8, 'session', '{}', 0, 0, 4, 'class',
        '0 Asia from 00:00, 1 London from 08:00, 3 London and New York from 13:00, 2 New York from 16:00, 4 neither from 21:00'),
    ('time', 9, 'gap_minutes', '{}', 1, 1, 'Infinity', 'minutes', 'since the bar before');

DELETE FROM bqx.feature_rule WHERE family = 'time';
INSERT INTO bqx.feature_rule (family, metric, rule, expected, holds, quick) VALUES
    ('time', 'hour_sin', 'sin^2 + cos^2 = 1',
        NULL,
        'abs(%1$shour_sin * %1$shour_sin + %1$shour_cos * %1$shour_cos - 1) <= 1e-9',
        NULL),
    ('time', 'dow_sin', 'sin^2 + cos^2 = 1',
        NULL,
        'abs(%1$sdow_sin * %1$sdow_sin + %1$sdow_cos * %1$sdow_cos - 1) <= 1e-9',
        NULL),
    ('time', 'session_overlap', '1 in session 3',
        '(%1$ssession = 3)::int',
        '%1$ssession_overlap = (%1$ssession = 3)::int',
        NULL);
