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
    -- The release before took one series.
    DROP FUNCTION IF EXISTS bqx.as_of(double precision[], double precision[], double precision[], double precision);
    CREATE OR REPLACE FUNCTION bqx.as_of(
        times double precision[], other_times double precision[], other_values double precision[], directions int[],
        max_age double precision, ages boolean)
    RETURNS double precision[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        argument record;
        others CONSTANT int := cardinality(other_times);
        columns CONSTANT int := cardinality(other_values) / nullif(others, 0);
        starts CONSTANT int[] := array_positions(other_times, 'NaN');
        factor int;
        bad int[];
        good int[];
        good_times double precision[];
        positions int[];
        part double precision[];
        aligned double precision[] := '{}';
    BEGIN
        FOR argument IN
            SELECT * FROM (VALUES ('times', times), ('other_times', other_times), ('other_values', other_values),
                ('directions', directions::double precision[]), ('max_age', ARRAY[max_age]),
                ('ages', ARRAY[ages::int::double precision])) a (name, elements)
        LOOP
            IF argument.elements IS NULL OR array_position(argument.elements, NULL) IS NOT NULL THEN
                RAISE EXCEPTION '% is null: must not be null', argument.name USING ERRCODE = 'null_value_not_allowed';
            ELSIF argument.elements = '{}' THEN
                RAISE EXCEPTION '% is empty: must have at least one element', argument.name
                    USING ERRCODE = 'invalid_parameter_value';
            END IF;
        END LOOP;
        IF NOT ('-Infinity' < ALL (times) AND 'Infinity' > ALL (times))
            OR times <> ARRAY(SELECT e FROM unnest(times) e ORDER BY e)
        THEN
            RAISE EXCEPTION 'times are not finite and ascending' USING ERRCODE = 'invalid_parameter_value';
        END IF;
        PERFORM bqx.merge_times(other_times, 0);
        IF cardinality(starts) <> cardinality(directions) THEN
            RAISE EXCEPTION 'other_times has % series: must have as many as directions, %',
                cardinality(starts), cardinality(directions)
                USING ERRCODE = 'invalid_parameter_value';
        ELSIF NOT directions <@ '{1,-1}' THEN
            RAISE EXCEPTION 'directions are %: must be 1 or -1', directions USING ERRCODE = 'invalid_parameter_value';
        ELSIF cardinality(other_values) % others <> 0 THEN
            RAISE EXCEPTION 'other_values has % elements: must be a multiple of the % elements of other_times',
                cardinality(other_values), others
                USING ERRCODE = 'invalid_parameter_value';
        ELSIF max_age < 0 OR max_age = 'NaN' THEN
            RAISE EXCEPTION 'max_age is %: must be at least 0', max_age USING ERRCODE = 'invalid_parameter_value';
        END IF;
        bad := ARRAY(
            SELECT (no - 1) % others + 1 FROM unnest(other_values) WITH ORDINALITY v (value, no)
            WHERE NOT (value > 0 AND value < 'Infinity'));
        FOR series IN 1 .. cardinality(starts) LOOP
            good := ARRAY(
                SELECT no FROM generate_series(starts[series] + 1, coalesce(starts[series + 1] - 1, others)) no
                WHERE NOT EXISTS (SELECT FROM unnest(bad) b WHERE b = no)
                ORDER BY other_times[no], no);
            good_times := ARRAY(SELECT other_times[no] FROM unnest(good) WITH ORDINALITY g (no, place) ORDER BY place);
            -- The last good bar at or before each time; 0, where no array has an element, if there is none of that age.
            positions := ARRAY(
                SELECT CASE WHEN last > 0 AND time - good_times[last] <= max_age THEN good[last] ELSE 0 END
                FROM (
                    SELECT time, no, width_bucket(time, good_times) AS last
                    FROM unnest(times) WITH ORDINALITY t (time, no)
                    WHERE good_times <> '{}'
                    OFFSET 0 -- looked up once a time
                ) placed
                ORDER BY no);
            IF good_times = '{}' THEN
                positions := array_fill(0, ARRAY[cardinality(times)]);
            END IF;
            part := '{}';
            FOR one IN 0 .. columns - 1 LOOP
                factor := CASE one WHEN 0 THEN directions[series] ELSE 1 END;
                part := part || ARRAY(
                    SELECT CASE position WHEN 0 THEN 'NaN' ELSE factor * other_values[one * others + position] END
                    FROM unnest(positions) WITH ORDINALITY p (position, no)
                    ORDER BY no);
            END LOOP;
            IF ages THEN
                part := part || ARRAY(
                    SELECT coalesce(times[no] - nullif(other_times[position], 'NaN'), 'NaN')
                    FROM unnest(positions) WITH ORDINALITY p (position, no)
                    ORDER BY no);
            END IF;
            aligned := aligned || part;
        END LOOP;
        RETURN aligned;
    END
    $$;
    GRANT EXECUTE ON FUNCTION bqx.as_of TO bqx_runner;
END
$migration$;
