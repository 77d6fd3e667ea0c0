-- What is chosen once. Not in a repeatable migration, which would run again for another value.
INSERT INTO bqx.setting (name, value) VALUES ('baseline_date', '${baseline_date}') ON CONFLICT DO NOTHING;

-- Families that are enabled are made what the catalogue says, whatever a migration brought: a stage with a family,
-- a release's columns, a jar with another revision.
SELECT bqx.define_family(family) FROM bqx.feature WHERE enabled ORDER BY family_no;

-- What a stage that is never edited forgot: who sees the stages sees what they took away.
DO $$
BEGIN
    IF to_regclass('bqx.legacy_removal') IS NOT NULL THEN
        GRANT SELECT ON bqx.legacy_removal TO bqx_runner, bqx_reader;
    END IF;
END
$$;
