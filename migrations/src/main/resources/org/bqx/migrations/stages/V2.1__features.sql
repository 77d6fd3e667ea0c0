SET LOCAL ROLE bqx_owner;

-- Families of the close, the bar, its volume, its time and its quotes. They are off until bqx.enable_family makes
-- their tables.
-- This stage comes before the repeatable R__catalogue.sql, which adds the same where a database has less.
ALTER TABLE bqx.feature
    ADD COLUMN IF NOT EXISTS enabled boolean NOT NULL DEFAULT true,
    DROP CONSTRAINT IF EXISTS feature_windows_check;
INSERT INTO bqx.feature (family, family_no, windows, enabled) VALUES
    ('time', 3, '{}', false),
    ('rate', 4, '{15,30,60,240}', false),
    ('volume', 5, '{15,30,60}', false),
    ('micro', 6, '{}', false),
    ('spread', 7, '{}', false);
