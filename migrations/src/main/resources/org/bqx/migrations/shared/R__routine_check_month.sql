SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.check_month(month date) RETURNS date
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF month IS NULL OR NOT isfinite(month) OR extract(year FROM month) NOT BETWEEN 1900 AND 2899 THEN
        RAISE EXCEPTION 'month is %: must be a date from 1900 to 2899', coalesce(month::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN date_trunc('month', month::timestamp)::date;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.check_month TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.check_month IS
    'Refuses a month that is NULL or not in the years 1900 to 2899; returns its first day.';
