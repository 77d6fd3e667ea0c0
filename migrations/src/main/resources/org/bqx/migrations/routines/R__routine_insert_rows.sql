SET LOCAL ROLE bqx_owner;

-- Computes the rows of all bars but the first skip and inserts them into a table of schema bqx.
CREATE OR REPLACE FUNCTION bqx.insert_rows(
    table_name text, family text, pair text, times timestamptz[], indexes double precision[], windows int[], skip int)
RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rows_written bigint;
BEGIN
    EXECUTE format(
        'INSERT INTO bqx.%I (pair, ts_utc, rate_index, %s)'
        ' SELECT %L, ts_utc, features[1], %s'
        ' FROM (SELECT unnest($1[$4 + 1:]) AS ts_utc, bqx.%I($2, $3, $4) AS features) AS rows',
        table_name,
        (SELECT string_agg(format('%I', column_name), ', ' ORDER BY element) FROM bqx.feature_columns(family)),
        pair,
        (SELECT string_agg(format('features[%s]', element), ', ' ORDER BY element) FROM bqx.feature_columns(family)),
        family || '_rows')
    USING times, indexes, windows, skip;
    GET DIAGNOSTICS rows_written = ROW_COUNT;
    RETURN rows_written;
END
$$;
