SET LOCAL ROLE bqx_owner;

-- The helper of bqx.read_related where no Java runs in the server: the same times, errors included, as the function
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
    -- The release before took two series.
    DROP FUNCTION IF EXISTS bqx.merge_times(double precision[], double precision[]);
    CREATE OR REPLACE FUNCTION bqx.merge_times(series_times double precision[], first double precision)
    RETURNS double precision[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF series_times IS NULL OR first IS NULL OR array_position(series_times, NULL) IS NOT NULL THEN
            RAISE EXCEPTION 'an argument is null: must not be null' USING ERRCODE = 'null_value_not_allowed';
        ELSIF series_times = '{}' THEN
            RAISE EXCEPTION 'series_times is empty: must have at least one element'
                USING ERRCODE = 'invalid_parameter_value';
        ELSIF series_times[1] <> 'NaN' THEN
            RAISE EXCEPTION 'series_times[1] is %: must be NaN, which begins each series', series_times[1]
                USING ERRCODE = 'invalid_parameter_value';
        ELSIF 'Infinity' = ANY (series_times) OR '-Infinity' = ANY (series_times) THEN
            RAISE EXCEPTION 'series_times are not finite' USING ERRCODE = 'invalid_parameter_value';
        END IF;
        RETURN ARRAY(
            SELECT DISTINCT time FROM unnest(series_times) time
            WHERE time <> 'NaN' AND (time >= first OR first = 'NaN')
            ORDER BY time);
    END
    $$;
    GRANT EXECUTE ON FUNCTION bqx.merge_times TO bqx_runner;
END
$migration$;
