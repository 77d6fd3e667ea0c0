SET LOCAL ROLE bqx_owner;

-- The helper of bqx.rolling_corr and bqx.rolling_pair_corr where no Java runs in the server: the same values to
-- rounding, errors included, as the function that the jar brings, which takes its place.
DO $migration$
BEGIN
    IF EXISTS (
        SELECT FROM pg_proc p
        JOIN pg_language l ON l.oid = p.prolang
        WHERE p.oid = to_regproc('bqx.rolling_correlation') AND l.lanname <> 'plpgsql'
    ) THEN
        RETURN;
    END IF;
    CREATE OR REPLACE FUNCTION bqx.rolling_correlation(a double precision[], b double precision[], length int)
    RETURNS double precision[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        argument record;
    BEGIN
        FOR argument IN SELECT * FROM (VALUES ('a', a), ('b', b), ('length', ARRAY[length])) v (name, elements) LOOP
            IF argument.elements IS NULL OR array_position(argument.elements, NULL) IS NOT NULL THEN
                RAISE EXCEPTION '% is null: must not be null', argument.name USING ERRCODE = 'null_value_not_allowed';
            ELSIF argument.elements = '{}' THEN
                RAISE EXCEPTION '% is empty: must have at least one element', argument.name
                    USING ERRCODE = 'invalid_parameter_value';
            ELSIF 'Infinity' = ANY (argument.elements) OR '-Infinity' = ANY (argument.elements) THEN
                RAISE EXCEPTION '% is not finite', argument.name USING ERRCODE = 'invalid_parameter_value';
            END IF;
        END LOOP;
        IF cardinality(b) <> cardinality(a) THEN
            RAISE EXCEPTION 'b has % elements: must have %', cardinality(b), cardinality(a)
                USING ERRCODE = 'invalid_parameter_value';
        ELSIF length < 60 THEN
            RAISE EXCEPTION 'length is %: must be at least 60', length USING ERRCODE = 'invalid_parameter_value';
        END IF;
        RETURN (
            SELECT array_agg(coalesce(CASE WHEN full_window AND moves_a AND moves_b THEN corr END, 'NaN') ORDER BY no)
                || array_agg(coalesce(CASE WHEN full_window THEN CASE WHEN moves_a THEN sd_a ELSE 0 END END, 'NaN') ORDER BY no)
                || array_agg(coalesce(CASE WHEN full_window THEN CASE WHEN moves_b THEN sd_b ELSE 0 END END, 'NaN') ORDER BY no)
            FROM (
                SELECT no, count(x + y) OVER past = length AS full_window,
                    min(x) OVER past < max(x) OVER past AS moves_a, min(y) OVER past < max(y) OVER past AS moves_b,
                    corr(x, y) OVER past AS corr, stddev_samp(x) OVER past AS sd_a, stddev_samp(y) OVER past AS sd_b
                FROM (
                    SELECT no, nullif(x, 'NaN') AS x, nullif(y, 'NaN') AS y
                    FROM unnest(a, b) WITH ORDINALITY series (x, y, no)
                ) present
                WINDOW past AS (ORDER BY no ROWS BETWEEN length - 1 PRECEDING AND CURRENT ROW)
            ) rows);
    END
    $$;
    GRANT EXECUTE ON FUNCTION bqx.rolling_correlation TO bqx_runner;
END
$migration$;
