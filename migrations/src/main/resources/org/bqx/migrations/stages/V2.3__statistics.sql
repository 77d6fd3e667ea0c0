SET LOCAL ROLE bqx_owner;

-- Regimes of the market, and higher-order statistics. They are off until bqx.enable_family makes their tables.
-- This stage comes before the repeatable R__catalogue.sql, which adds the same where a database has less.
ALTER TABLE bqx.feature
    ADD COLUMN IF NOT EXISTS enabled boolean NOT NULL DEFAULT true,
    DROP CONSTRAINT IF EXISTS feature_windows_check;
INSERT INTO bqx.feature (family, family_no, windows, enabled) VALUES
    ('regime', 14, '{}', false),
    ('stat', 15, '{60,240}', false);
