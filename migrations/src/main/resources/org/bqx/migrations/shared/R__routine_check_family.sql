SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.check_family(family text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM bqx.feature WHERE feature.family = lower(check_family.family)) THEN
        RAISE EXCEPTION 'unknown family "%"', family
            USING ERRCODE = 'QX002',
                HINT = 'Families are ' || (SELECT string_agg(f.family, ', ' ORDER BY family_no) FROM bqx.feature f) || '.';
    END IF;
    RETURN lower(family);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.check_family TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.check_family IS
    'Refuses a family that the catalogue lacks; returns it as the catalogue writes it.';
