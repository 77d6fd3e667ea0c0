SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.verify(
    family text, pair text, month date, sample int DEFAULT 200, every_row boolean DEFAULT false,
    lowest_index double precision DEFAULT 50, highest_index double precision DEFAULT 200)
RETURNS TABLE (kind text, check_name text, ts_utc timestamptz, column_name text, found text, expected text)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT v.kind, v.check_name, v.ts_utc, v.column_name, v.found, v.expected
    FROM bqx.verify_families(ARRAY[verify.family], verify.pair, verify.month, sample, every_row, lowest_index, highest_index) v;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.verify TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.verify IS
    'Checks one partition against its bars: facts, then warnings and differences, none when all is well. sample'
    ' rows meet the reference; every_row computes all rows again and compares bits. docs/verify.md says what each'
    ' check proves. Where no Java runs in the server, a row of kind ''pending'' says what ./bqx verify adds. On a front'
    ' it is a call of the pair''s node, and so not for a transaction that is READ ONLY.';
