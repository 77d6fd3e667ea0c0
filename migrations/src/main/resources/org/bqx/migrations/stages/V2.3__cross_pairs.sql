SET LOCAL ROLE bqx_owner;

-- A pair beside those that share a currency with it. It is off until bqx.enable_family makes its table.
INSERT INTO bqx.feature (family, family_no, windows, enabled) VALUES
    ('xpair', 13, '{}', false);
