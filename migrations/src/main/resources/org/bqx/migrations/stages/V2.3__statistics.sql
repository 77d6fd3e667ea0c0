SET LOCAL ROLE bqx_owner;

-- Higher-order statistics. They are off until bqx.enable_family makes their tables.
INSERT INTO bqx.feature (family, family_no, windows, enabled) VALUES
    ('stat', 15, '{60,240}', false);
