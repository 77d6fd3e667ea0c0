SET LOCAL ROLE bqx_owner;

-- The helper of bqx.read_related where no Java runs in the server: the same values, errors included, as the function
-- that the jar brings, which takes its place.
DO $migration$
BEGIN
    IF EXISTS (
        SELECT FROM pg_proc p
        JOIN pg_language l ON l.oid = p.prolang
        WHERE p.oid = to_regproc('bqx.as_of') AND l.lanname <> 'plpgsql'
    ) THEN
        RETURN;
    END IF;
    CREATE OR REPLACE FUNCTION bqx.as_of(
        times double precision[], other_times double precision[], other_values double precision[],
        max_age double precision)
    RETURNS double precision[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        argument record;
        others CONSTANT int := cardinality(other_times);
        columns CONSTANT int := cardinality(other_values) / nullif(others, 0);
        positions int[];
        one int;
        aligned double precision[] := '{}';
    BEGIN
        FOR argument IN
            SELECT * FROM (VALUES ('times', times, true), ('other_times', other_times, true),
                ('other_values', other_values, false), ('max_age', ARRAY[max_age], false)) a (name, elements, is_time)
        LOOP
            IF argument.elements IS NULL OR array_position(argument.elements, NULL) IS NOT NULL THEN
                RAISE EXCEPTION '% is null: must not be null', argument.name USING ERRCODE = 'null_value_not_allowed';
            ELSIF argument.elements = '{}' THEN
                RAISE EXCEPTION '% is empty: must have at least one element', argument.name
                    USING ERRCODE = 'invalid_parameter_value';
            ELSIF argument.is_time AND (
                NOT ('-Infinity' < ALL (argument.elements) AND 'Infinity' > ALL (argument.elements))
                OR argument.elements <> ARRAY(SELECT e FROM unnest(argument.elements) e ORDER BY e))
            THEN
                RAISE EXCEPTION '% are not finite and ascending', argument.name
                    USING ERRCODE = 'invalid_parameter_value';
            END IF;
        END LOOP;
        IF cardinality(other_values) % others <> 0 THEN
            RAISE EXCEPTION 'other_values has % elements: must be a multiple of the % elements of other_times',
                cardinality(other_values), others
                USING ERRCODE = 'invalid_parameter_value';
        ELSIF max_age < 0 OR max_age = 'NaN' THEN
            RAISE EXCEPTION 'max_age is %: must be at least 0', max_age USING ERRCODE = 'invalid_parameter_value';
        END IF;
        -- The last other bar at or before each time; 0, where no array has an element, if there is none of that age.
        positions := ARRAY(
            SELECT CASE WHEN last > 0 AND time - other_times[last] <= max_age THEN last ELSE 0 END
            FROM (
                SELECT time, no, width_bucket(time, other_times) AS last
                FROM unnest(times) WITH ORDINALITY t (time, no)
                OFFSET 0 -- looked up once a time
            ) placed
            ORDER BY no);
        FOR one IN 0 .. columns - 1 LOOP
            aligned := aligned || ARRAY(
                SELECT CASE position WHEN 0 THEN 'NaN' ELSE other_values[one * others + position] END
                FROM unnest(positions) WITH ORDINALITY p (position, no)
                ORDER BY no);
        END LOOP;
        RETURN aligned || ARRAY(
            SELECT coalesce(times[no] - other_times[position], 'NaN')
            FROM unnest(positions) WITH ORDINALITY p (position, no)
            ORDER BY no);
    END
    $$;
    GRANT EXECUTE ON FUNCTION bqx.as_of TO bqx_runner;
END
$migration$;
