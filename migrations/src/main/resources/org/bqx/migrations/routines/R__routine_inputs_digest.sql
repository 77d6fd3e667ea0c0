SET LOCAL ROLE bqx_owner;

-- The helper of bqx.source_digest where no Java runs in the server: the same digits, errors included, as the function
-- that the jar brings, which takes its place.
DO $migration$
BEGIN
    IF EXISTS (
        SELECT FROM pg_proc p
        JOIN pg_language l ON l.oid = p.prolang
        WHERE p.oid = to_regproc('bqx.inputs_digest') AND l.lanname <> 'plpgsql'
    ) THEN
        RETURN;
    END IF;
    CREATE OR REPLACE FUNCTION bqx.inputs_digest(head bytea, inputs double precision[], bars int, first_bars int)
    RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF num_nulls(head, inputs, bars, first_bars) > 0 OR array_position(inputs, NULL) IS NOT NULL THEN
            RAISE EXCEPTION 'an argument is null: must not be null' USING ERRCODE = 'null_value_not_allowed';
        ELSIF bars < 1 OR first_bars NOT BETWEEN 0 AND bars OR inputs = '{}' OR cardinality(inputs) % bars <> 0 THEN
            RAISE EXCEPTION 'inputs has % elements, bars is %, first_bars is %: must be series of bars, of which first_bars',
                cardinality(inputs), bars, first_bars
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        RETURN encode(sha256(head || (
            SELECT string_agg(array_send(inputs[first + 1:first + first_bars]), '' ORDER BY first)
            FROM generate_series(0, cardinality(inputs) - 1, bars) first)), 'hex');
    END
    $$;
    GRANT EXECUTE ON FUNCTION bqx.inputs_digest TO bqx_runner;
END
$migration$;
