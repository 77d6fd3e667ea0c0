SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.note_functions_version(family text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    installed text;
BEGIN
    IF bqx.engine() = 'client' OR to_regproc('bqx.functions_version') IS NULL
        OR EXISTS (
            SELECT FROM bqx.feature f
            WHERE f.family = note_functions_version.family AND f.functions_version IS NOT NULL)
    THEN
        RETURN;
    END IF;
    BEGIN
        installed := bqx.functions_version(family);
    EXCEPTION
        WHEN invalid_parameter_value THEN
            installed := NULL; -- a jar without this family
    END;
    UPDATE bqx.feature f SET functions_version = installed
    WHERE f.family = note_functions_version.family AND f.functions_version IS DISTINCT FROM installed;
END
$$;
COMMENT ON FUNCTION bqx.note_functions_version IS
    'Notes which revision of a family the installed jar has, so that who asks what is stale needs no Java. Only'
    ' where none is noted, so that a migration starts no virtual machine: it notes the revisions of the classes that'
    ' it brings.';
