SET LOCAL ROLE bqx_owner;

-- A pair beside those that share a currency with it, regimes of the market, higher-order statistics. They are off
-- until bqx.enable_family makes their tables.
INSERT INTO bqx.feature (family, family_no, windows, enabled) VALUES
    ('xpair', 13, '{}', false),
    ('regime', 14, '{}', false),
    ('stat', 15, '{60,240}', false);
