SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.check_enabled(family text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    checked_family CONSTANT text := bqx.check_family(family);
BEGIN
    IF NOT (SELECT f.enabled FROM bqx.feature f WHERE f.family = checked_family) THEN
        RAISE EXCEPTION 'family % is not enabled', checked_family
            USING ERRCODE = 'QX002',
                HINT = format('SELECT bqx.enable_family(%L), as a superuser or a member of bqx_owner.', checked_family);
    END IF;
    RETURN checked_family;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.check_enabled TO bqx_runner;
COMMENT ON FUNCTION bqx.check_enabled IS
    'Refuses a family that the catalogue lacks, or that this database does not compute; returns it as the catalogue'
    ' writes it.';
