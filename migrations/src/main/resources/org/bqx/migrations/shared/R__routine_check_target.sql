SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.check_target(w int, h int) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    windows CONSTANT int[] := (SELECT f.windows FROM bqx.feature f WHERE f.family = 'bqx');
BEGIN
    IF windows IS NULL THEN
        RAISE EXCEPTION 'a target is of family bqx, which has no tables yet'
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Migrate to stage 1.5.4.2: ./bqx migrate.';
    END IF;
    IF (w = ANY (windows)) IS NOT TRUE THEN
        RAISE EXCEPTION 'a target of % bars: family bqx has no such window, but %',
            coalesce(w::text, 'NULL'), array_to_string(windows, ', ')
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'bqx.define_family(''bqx'', windows => ...) gives it others.';
    END IF;
    IF (h >= 1) IS NOT TRUE THEN
        RAISE EXCEPTION 'a target % bars after its row: must be 1 or more', coalesce(h::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.check_target TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.check_target IS
    'Refuses a target whose window w family bqx does not have, or whose bar, h after the row''s, is not after it.';
