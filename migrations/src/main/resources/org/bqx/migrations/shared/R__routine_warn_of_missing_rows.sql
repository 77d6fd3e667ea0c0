SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.warn_of_missing_rows(
    family text, pair text, from_time timestamptz, to_time timestamptz) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    months text;
BEGIN
    SELECT string_agg(to_char(m.month, 'YYYY-MM'), ', ' ORDER BY m.month) INTO months
    FROM bqx.m1_month m
    JOIN bqx.pair p ON p.pair = m.pair
    LEFT JOIN bqx.partition_state s
        ON s.family = warn_of_missing_rows.family AND s.pair = m.pair AND s.month = m.month
    WHERE m.pair = warn_of_missing_rows.pair AND m.bars > 0 AND m.month >= p.kept_from
        AND bqx.month_start(m.month) < to_time AND bqx.month_end(m.month) > from_time
        AND s.rows IS DISTINCT FROM m.bars;
    IF months IS NOT NULL THEN
        RAISE WARNING 'rows of % of % are missing in %', family, pair, months
            USING HINT = 'Compute them: ./bqx backfill.';
    END IF;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.warn_of_missing_rows TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.warn_of_missing_rows IS
    'Warns of months, from one instant to another, of which a family has no rows of the pair, or fewer than there'
    ' are bars.';
