-- Stages that have changed in comments and hints alone: two from other characters to ASCII, which every encoding has,
-- two which have said more since. Databases that were migrated before keep what they have; their history is told the
-- new checksums. By who migrates: to ask for what is pending takes no right but to read.
DO $$
BEGIN
    IF has_table_privilege(to_regclass('bqx.flyway_schema_history')::oid, 'UPDATE') THEN
        UPDATE bqx.flyway_schema_history h SET checksum = changed.after
        FROM (VALUES
            ('1.5.2', 1472705858, -1976335187), ('1.5.4.1', 1482096236, 1279299030),
            ('1.5.6', -1344329491, 1532769480), ('1.5.8', -291097310, 1531792225)
        ) changed (version, before, after)
        WHERE h.version = changed.version AND h.checksum = changed.before;
    END IF;
END
$$;
