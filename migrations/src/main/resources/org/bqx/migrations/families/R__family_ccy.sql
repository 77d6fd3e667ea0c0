SET LOCAL ROLE bqx_owner;

-- The strength of eight currencies: s minimises the sum over the pairs of (ln(x/100) - (s(base) - s(quote)))^2, its sum
-- is 0, and a currency's index is 100 exp s.
DELETE FROM bqx.feature_definition WHERE family = 'ccy';
INSERT INTO bqx.feature_definition (
    family, family_no, role, scope, inputs, related_max_age, least_window, default_windows, tables_stage, backfill_stage,
    description)
VALUES
    ('ccy', 17, 'feature', 'market', '{x,related}', 5, NULL, '{}', '2.1', '2.1.6',
        'the strength of eight currencies, by least squares over their pairs; rate_index is 100, the geometric mean');

DELETE FROM bqx.feature_metric WHERE family = 'ccy';
INSERT INTO bqx.feature_metric (
    family, metric_no, metric, windows, needs_windows, needs_bars, undefined_when, lowest, highest, unit,
    description)
VALUES
    ('ccy', 1, 'aud_index', '{}', 0, 0,
        'the pairs with a value do not connect the currencies that have had one in the month, or aud has had none',
        0, 'Infinity', 'index points',
        'strength of AUD: 100 exp s(aud)'),
    ('ccy', 2, 'cad_index', '{}', 0, 0,
        'the pairs with a value do not connect the currencies that have had one in the month, or cad has had none',
        0, 'Infinity', 'index points',
        'strength of CAD: 100 exp s(cad)'),
    ('ccy', 3, 'chf_index', '{}', 0, 0,
        'the pairs with a value do not connect the currencies that have had one in the month, or chf has had none',
        0, 'Infinity', 'index points',
        'strength of CHF: 100 exp s(chf)'),
    ('ccy', 4, 'eur_index', '{}', 0, 0,
        'the pairs with a value do not connect the currencies that have had one in the month, or eur has had none',
        0, 'Infinity', 'index points',
        'strength of EUR: 100 exp s(eur)'),
    ('ccy', 5, 'gbp_index', '{}', 0, 0,
        'the pairs with a value do not connect the currencies that have had one in the month, or gbp has had none',
        0, 'Infinity', 'index points',
        'strength of GBP: 100 exp s(gbp)'),
    ('ccy', 6, 'jpy_index', '{}', 0, 0,
        'the pairs with a value do not connect the currencies that have had one in the month, or jpy has had none',
        0, 'Infinity', 'index points',
        'strength of JPY: 100 exp s(jpy)'),
    ('ccy', 7, 'nzd_index', '{}', 0, 0,
        'the pairs with a value do not connect the currencies that have had one in the month, or nzd has had none',
        0, 'Infinity', 'index points',
        'strength of NZD: 100 exp s(nzd)'),
    ('ccy', 8, 'usd_index', '{}', 0, 0,
        'the pairs with a value do not connect the currencies that have had one in the month, or usd has had none',
        0, 'Infinity', 'index points',
        'strength of USD: 100 exp s(usd)'),
    ('ccy', 9, 'pairs', '{}', 0, 0,
        NULL,
        0, 28, 'pairs',
        'pairs that have a value, at most 5 minutes old'),
    ('ccy', 10, 'rms', '{}', 0, 0,
        'the pairs with a value do not connect the currencies that have had one in the month',
        0, 'Infinity', 'basis points',
        'root mean square of what the strengths leave of ln(x/100) of these pairs');

DELETE FROM bqx.feature_rule WHERE family = 'ccy';

-- By pair: those of its base and its quote, and what the pair does that the currencies do not explain.
DELETE FROM bqx.feature_derived WHERE family = 'ccy';
INSERT INTO bqx.feature_derived (family, view_name, metric_no, metric, expression, unit, description)
SELECT 'ccy', 'ccy_pair', d.no, d.metric, d.expression, d.unit, d.description
FROM (
    SELECT format('CASE own.base %s END', string_agg(choice.text, ' ')) AS base,
        format('CASE own.quote %s END', string_agg(choice.text, ' ')) AS quote
    FROM unnest('{aud,cad,chf,eur,gbp,jpy,nzd,usd}'::text[]) currency
    CROSS JOIN LATERAL (SELECT format('WHEN %1$L THEN p.ccy_%1$s_index', currency) AS text) choice
) side
CROSS JOIN LATERAL (VALUES
    (1, 'base_index', side.base, 'index points', 'strength of the base'),
    (2, 'quote_index', side.quote, 'index points', 'strength of the quote'),
    (3, 'differential', side.base || ' - ' || side.quote, 'index points', 'strength of the base less that of the quote'),
    (4, 'residual', format('1e4 * (ln(nullif(b.rate_index, 0) / 100) - ln(%s / %s))', side.base, side.quote), 'basis points',
        'ln(x/100) less the difference of s of base and quote')
) d (no, metric, expression, unit, description);
