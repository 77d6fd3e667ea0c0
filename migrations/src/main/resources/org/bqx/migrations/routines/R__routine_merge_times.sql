SET LOCAL ROLE bqx_owner;

-- The helper of bqx.read_source where no Java runs in the server: the same times, errors included, as the function
-- that the jar brings, which takes its place.
DO $migration$
BEGIN
    IF EXISTS (
        SELECT FROM pg_proc p
        JOIN pg_language l ON l.oid = p.prolang
        WHERE p.oid = to_regproc('bqx.merge_times') AND l.lanname <> 'plpgsql'
    ) THEN
        RETURN;
    END IF;
    CREATE OR REPLACE FUNCTION bqx.merge_times(times double precision[], other_times double precision[])
    RETURNS double precision[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        argument record;
    BEGIN
        FOR argument IN SELECT * FROM (VALUES ('times', times), ('other_times', other_times)) a (name, elements) LOOP
            IF argument.elements IS NULL OR array_position(argument.elements, NULL) IS NOT NULL THEN
                RAISE EXCEPTION '% is null: must not be null', argument.name USING ERRCODE = 'null_value_not_allowed';
            ELSIF NOT ('-Infinity' < ALL (argument.elements) AND 'Infinity' > ALL (argument.elements))
                OR argument.elements <> ARRAY(SELECT e FROM unnest(argument.elements) e ORDER BY e)
            THEN
                RAISE EXCEPTION '% are not finite and ascending', argument.name
                    USING ERRCODE = 'invalid_parameter_value';
            END IF;
        END LOOP;
        RETURN ARRAY(
            SELECT DISTINCT time FROM (SELECT unnest(times) AS time UNION ALL SELECT unnest(other_times)) both_times
            ORDER BY time);
    END
    $$;
    GRANT EXECUTE ON FUNCTION bqx.merge_times TO bqx_runner;
END
$migration$;
