SET LOCAL ROLE bqx_owner;

DROP FUNCTION IF EXISTS bqx.insert_rows(text, text, text, timestamptz[], double precision[], int[], int);
CREATE OR REPLACE FUNCTION bqx.insert_rows(work bqx.work, source bqx.source) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    names text;
    elements text;
    rows_written bigint;
BEGIN
    -- Java says undefined by NaN, and not enough history by a shorter array.
    SELECT string_agg(format('%I', c.column_name), ', ' ORDER BY c.element),
        string_agg(format(
            CASE WHEN c.undefined_when IS NULL THEN 'features[%s]' ELSE 'NULLIF(features[%s], ''NaN'')' END, c.element),
            ', ' ORDER BY c.element)
    INTO names, elements
    FROM bqx.feature_column c
    WHERE c.family = work.family;
    EXECUTE format(
        'INSERT INTO bqx.%I (pair, ts_utc, rate_index, %s)'
        ' SELECT %L, ts_utc, features[1], %s'
        ' FROM (SELECT unnest($1[$5 + 1:$3 - $6]) AS ts_utc,'
        ' bqx.feature_rows(%L, $2, $3, $4, $5, $6) AS features) AS rows',
        work.table_name, names, work.pair, elements, work.family)
    USING source.times, source.inputs, source.bars, source.windows, work.first_bar, source.tail;
    GET DIAGNOSTICS rows_written = ROW_COUNT;
    RETURN rows_written;
END
$$;
COMMENT ON FUNCTION bqx.insert_rows IS
    'The step between bqx.begin_partition and bqx.finish_partition, by Java in the server: computes the rows that'
    ' are asked for, inserts them, and returns their number.';
