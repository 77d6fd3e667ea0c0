SET LOCAL ROLE bqx_owner;

-- Indicators of a pair's own bars: momentum, trend, bands, volume flow, realized volatility. They are off until
-- bqx.enable_family makes their tables.
INSERT INTO bqx.feature (family, family_no, windows, enabled) VALUES
    ('mom', 8, '{}', false),
    ('trend', 9, '{}', false),
    ('band', 10, '{}', false),
    ('flow', 11, '{}', false),
    ('rvol', 12, '{20,60,240}', false);
