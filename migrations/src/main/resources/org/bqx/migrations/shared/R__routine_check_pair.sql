SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.check_pair(pair text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM bqx.pair p WHERE p.pair = lower(check_pair.pair)) THEN
        RAISE EXCEPTION 'unknown pair "%"', pair
            USING ERRCODE = 'QX001', HINT = 'SELECT pair FROM bqx.pair lists them.';
    END IF;
    RETURN lower(pair);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.check_pair TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.check_pair IS 'Refuses a pair that bqx.pair lacks; returns it as that table writes it.';
