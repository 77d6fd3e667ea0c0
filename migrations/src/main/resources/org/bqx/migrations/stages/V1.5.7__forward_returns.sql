SET LOCAL ROLE bqx_owner;

-- Forward returns, a target. They are off until bqx.enable_family makes their tables.
INSERT INTO bqx.feature (family, family_no, windows, enabled) VALUES
    ('fwd', 16, '{60,90,150,240,390,630}', false);
