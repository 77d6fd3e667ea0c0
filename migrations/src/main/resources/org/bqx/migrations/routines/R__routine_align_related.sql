SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.align_related(series bqx.series[], times timestamptz[], max_age int, width int)
RETURNS double precision[]
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    bars CONSTANT int := cardinality(times);
    minutes CONSTANT double precision[] := ARRAY(
        SELECT tstzrange_subdiff(time, '1970-01-01 00:00Z') / 60 FROM unnest(times) WITH ORDINALITY t (time, no) ORDER BY no);
    one bqx.series;
    -- Some series are joined before they join the others, since each || copies what is there.
    together CONSTANT int := 5;
    part double precision[] := '{}';
    columns double precision[] := '{}';
BEGIN
    FOR number IN 1 .. cardinality(series) LOOP
        one := series[number];
        part := part || CASE
            WHEN one.minutes = '{}' THEN array_fill(double precision 'NaN', ARRAY[width * bars])
            ELSE (bqx.as_of(minutes, one.minutes, one.columns, max_age))[:width * bars]
        END;
        IF number % together = 0 OR number = cardinality(series) THEN
            columns := columns || part;
            part := '{}';
        END IF;
    END LOOP;
    RETURN columns;
END
$$;
COMMENT ON FUNCTION bqx.align_related IS
    'The columns of a family''s input ''related'', one after the other, width of them for each series: its columns'
    ' as of the given times, then how old they are, in minutes. NaN where a series has no bar that is at most max_age'
    ' minutes old.';
