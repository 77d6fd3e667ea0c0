SET LOCAL ROLE bqx_owner;

-- Families of the close, the bar, its volume, its time and its quotes, and of the market. They are off until bqx.enable_family makes
-- their tables.
INSERT INTO bqx.feature (family, family_no, windows, enabled) VALUES
    ('time', 3, '{}', false),
    ('rate', 4, '{15,30,60,240}', false),
    ('volume', 5, '{15,30,60}', false),
    ('micro', 6, '{}', false),
    ('spread', 7, '{}', false),
    ('ccy', 17, '{}', false);
