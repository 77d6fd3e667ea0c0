SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not own the tables.
CREATE OR REPLACE FUNCTION bqx.finish_correlation(target text, pair text, month date, results double precision[])
RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
    width CONSTANT int := 15;
    begun bqx.target_corr_state;
    expected int;
BEGIN
    SELECT s.* INTO begun FROM bqx.target_corr_state s
    WHERE s.target = lower(finish_correlation.target) AND s.pair = lower(finish_correlation.pair)
        AND s.month = finish_correlation.month AND s.state = 'begun' AND s.begun_by = pg_current_xact_id();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no correlation of % with % in % was begun in this transaction', pair, target, month
            USING ERRCODE = 'no_active_sql_transaction', HINT = 'BEGIN, then SELECT * FROM bqx.begin_correlation(...).';
    END IF;
    expected := cardinality(begun.features) * cardinality(begun.windows);
    IF cardinality(results) IS DISTINCT FROM expected * width THEN
        RAISE EXCEPTION '% values came for correlation % % %, expected are % rows of %',
            coalesce(cardinality(results)::text, 'no'), begun.target, begun.pair, to_char(begun.month, 'YYYY-MM'),
            expected, width
            USING ERRCODE = 'data_exception';
    END IF;
    DELETE FROM bqx.target_corr c
    WHERE c.target = begun.target AND c.pair = begun.pair AND c.month = begun.month;
    INSERT INTO bqx.target_corr
    SELECT begun.pair, begun.month, begun.target, f.feature, w.w, results[o.at + 1]::int,
        nullif(results[o.at + 2], 'NaN'), nullif(results[o.at + 3], 'NaN'), nullif(results[o.at + 4], 'NaN'),
        nullif(results[o.at + 5], 'NaN'), nullif(results[o.at + 6], 'NaN'), nullif(results[o.at + 7], 'NaN'),
        nullif(results[o.at + 8], 'NaN'), nullif(results[o.at + 9], 'NaN'), nullif(results[o.at + 10], 'NaN'),
        nullif(results[o.at + 11], 'NaN'), nullif(results[o.at + 12], 'NaN'), results[o.at + 13]::int,
        nullif(results[o.at + 14], 'NaN'), nullif(results[o.at + 15], 'NaN'),
        begun.source_from, begun.source_to, begun.source_revision, begun.functions_version
    FROM unnest(begun.features) WITH ORDINALITY f (feature, no)
    CROSS JOIN unnest(begun.windows) WITH ORDINALITY w (w, no)
    CROSS JOIN LATERAL (SELECT (((f.no - 1) * cardinality(begun.windows) + w.no - 1) * width)::int AS at) o;
    UPDATE bqx.target_corr_state s
    SET state = 'done', rows = expected, last_write = 'all rows', last_rows = expected, begun_by = NULL,
        attempts = s.attempts + 1, finished_at = clock_timestamp(), sqlstate = NULL, error = NULL
    WHERE s.target = begun.target AND s.pair = begun.pair AND s.month = begun.month;
    RETURN expected;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.finish_correlation TO bqx_runner;
COMMENT ON FUNCTION bqx.finish_correlation IS
    'Ends what bqx.begin_correlation began in this transaction: puts the rows in place, and says so. results has'
    ' the rows of bqx.correlation_rows one after the other: those of the first feature, a row for each window, then'
    ' the next one''s. Returns their number.';
