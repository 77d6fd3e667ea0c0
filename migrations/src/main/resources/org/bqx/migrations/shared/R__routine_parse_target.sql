SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.parse_target(target text, OUT window_length int, OUT horizon int)
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    numbers CONSTANT text[] := regexp_match(lower(target), '^w([1-9][0-9]{0,5})_h([1-9][0-9]{0,5})$');
BEGIN
    IF numbers IS NULL THEN
        RAISE EXCEPTION 'unknown target "%"', target
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'w60_h60 is w60_bqx_return of the 60th bar after.';
    END IF;
    window_length := numbers[1]::int;
    horizon := numbers[2]::int;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.parse_target TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.parse_target IS 'W and H of a target''s name, w{W}_h{H}.';
