SET LOCAL ROLE bqx_owner;

-- A family's feature columns in the order of the rows that its Java function returns, from element 2 on.
CREATE FUNCTION bqx.feature_columns(family text)
RETURNS TABLE (element int, column_name text, window_length int, metric text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT row_number() OVER (ORDER BY window_no, metric_no)::int + 1,
        format('w%s_%s_%s', window_length, feature.family, metric),
        window_length,
        metric
    FROM bqx.feature,
        unnest(windows) WITH ORDINALITY AS w (window_length, window_no),
        unnest(metrics) WITH ORDINALITY AS m (metric, metric_no)
    WHERE feature.family = feature_columns.family
    ORDER BY 1;
END;
GRANT EXECUTE ON FUNCTION bqx.feature_columns TO bqx_runner, bqx_reader;

-- Adds a family to the catalogue and makes its tables: one for all pairs, one for each pair.
CREATE FUNCTION bqx.create_family(family text, family_no int, least_window int, windows int[], metrics text[])
RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    pair text;
BEGIN
    IF windows[1] < least_window OR windows <> ARRAY(SELECT DISTINCT w FROM unnest(windows) w ORDER BY w) THEN
        RAISE EXCEPTION 'windows of % are %: must be ascending, from % bars on',
            family, windows, least_window
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO bqx.feature (family, family_no, windows, metrics)
    VALUES (family, family_no, windows, metrics);
    -- Autovacuum never looks at so small a table, and without statistics it is planned as a large one.
    ANALYZE bqx.feature;
    EXECUTE format(
        'CREATE TABLE bqx.%I (pair text NOT NULL, ts_utc timestamptz NOT NULL, rate_index double precision NOT NULL, %s)'
        ' PARTITION BY LIST (pair)',
        family,
        (SELECT string_agg(format('%I double precision', column_name), ', ' ORDER BY element)
         FROM bqx.feature_columns(family)));
    FOR pair IN SELECT p.pair FROM bqx.pair p ORDER BY p.pair LOOP
        EXECUTE format('CREATE TABLE bqx.%I PARTITION OF bqx.%I (PRIMARY KEY (ts_utc)) FOR VALUES IN (%L)'
            ' PARTITION BY RANGE (ts_utc)', family || '_' || pair, family, pair);
    END LOOP;
END
$$;

SELECT bqx.create_family('bqx', 1, 2, '{${bqx_windows}}', ARRAY[
    'return', 'mean_return', 'max_index', 'min_index', 'avg_index', 'stdev_index', 'endpoint', 'range', 'volatility']);
