-- Two stages have changed in comments and hints alone, from other characters to ASCII, which every encoding has.
-- Databases that were migrated before keep what they have; their history is told the new checksums. By who migrates:
-- to ask for what is pending takes no right but to read.
DO $$
BEGIN
    IF has_table_privilege(to_regclass('bqx.flyway_schema_history')::oid, 'UPDATE') THEN
        UPDATE bqx.flyway_schema_history h SET checksum = changed.after
        FROM (VALUES ('1.5.2', 1472705858, -1976335187), ('1.5.4.1', 1482096236, 1279299030))
            changed (version, before, after)
        WHERE h.version = changed.version AND h.checksum = changed.before;
    END IF;
END
$$;
