SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.correlated_partitions(families text[], pair text, from_month date, to_month date)
RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
    RETURN (
        SELECT encode(sha256(convert_to(coalesce(string_agg(
            concat_ws(' ', s.family, s.month - DATE '2000-01-01', s.source_digest, s.windows, s.functions_version),
            E'\n' ORDER BY s.family COLLATE "C", s.month), ''), 'UTF8')), 'hex')
        FROM bqx.partition_state s
        WHERE s.family = ANY (families) AND s.pair = correlated_partitions.pair AND s.rows IS NOT NULL
            AND s.month BETWEEN from_month AND to_month);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.correlated_partitions TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.correlated_partitions IS
    'A digest of what the rows of some families of a pair from one month to another were computed from: another'
    ' where any of their rows may have changed.';
