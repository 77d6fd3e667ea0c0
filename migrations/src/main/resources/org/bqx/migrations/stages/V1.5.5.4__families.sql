SET LOCAL ROLE bqx_owner;

-- What the catalogue in R__catalogue.sql and bqx.define_family have replaced.
DROP FUNCTION bqx.create_family;
DROP FUNCTION bqx.feature_columns;
-- The later stages bring families that are off. What they say needs these, which R__catalogue.sql adds where a
-- database stops before this stage.
ALTER TABLE bqx.feature
    DROP COLUMN metrics,
    DROP CONSTRAINT IF EXISTS feature_windows_check,
    ADD COLUMN IF NOT EXISTS enabled boolean NOT NULL DEFAULT true,
    ADD COLUMN IF NOT EXISTS functions_version text;

-- Versions were made of the sources' text, for all families at once. A family's is its revision now: that
-- release computed the bits of revision 1.
UPDATE bqx.partition_state
SET functions_version = 'revision 1'
WHERE functions_version = '1.0.0+c2a6a4bdb76e';
