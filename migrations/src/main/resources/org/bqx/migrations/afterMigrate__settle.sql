-- What is chosen once. Not in a repeatable migration, which would run again for another value.
INSERT INTO bqx.setting (name, value) VALUES ('baseline_date', '${baseline_date}') ON CONFLICT DO NOTHING;

-- Families that are enabled are made what the catalogue says, whatever a migration brought: a stage with a family,
-- a release's columns, a jar with another revision.
SELECT bqx.define_family(family) FROM bqx.feature WHERE enabled ORDER BY family_no;
