SET LOCAL ROLE bqx_owner;

-- Dropped first: the release before had fewer parameters.
DROP FUNCTION IF EXISTS bqx.verify_every_row(text, text, bqx.source, int);
CREATE OR REPLACE FUNCTION bqx.verify_every_row(
    family text, partition text, source bqx.source, most_named int, same_bits boolean)
RETURNS TABLE (ts_utc timestamptz, column_name text, found text, expected text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
SET enable_hashjoin = on
SET work_mem = '64MB'
AS $$
#variable_conflict use_column
DECLARE
    session_version CONSTANT text := bqx.functions_version(family);
    installed_version CONSTANT text := (
        SELECT f.functions_version FROM bqx.feature f WHERE f.family = verify_every_row.family);
    columns CONSTANT text[] := ARRAY(
        SELECT c.column_name FROM bqx.feature_column c WHERE c.family = verify_every_row.family ORDER BY c.element);
    can_be_undefined CONSTANT boolean := EXISTS (
        SELECT FROM bqx.feature_column c
        WHERE c.family = verify_every_row.family AND c.undefined_when IS NOT NULL);
BEGIN
    IF session_version IS DISTINCT FROM installed_version THEN
        RAISE EXCEPTION 'this session runs functions of % of %, installed is %', family, session_version, installed_version
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'The jar was replaced since this session loaded it: connect again.';
    END IF;
    IF same_bits THEN
        RETURN; -- bqx.verify_rows has compared them
    END IF;
    -- Records that have the same image have the same bits; of the others, arrays with NULLs may have unlike
    -- images for one content, so that their fields decide.
    RETURN QUERY EXECUTE format($query$
        WITH computed AS (
            SELECT unnest($1[$5 + 1:$3 - $6]) AS ts_utc, bqx.feature_rows(%1$L, $2, $3, $4, $5, $6) AS features
        ), different AS MATERIALIZED (
            SELECT p.ts_utc, %2$s AS stored, computed.features
            FROM computed JOIN bqx.%3$I p ON p.ts_utc = computed.ts_utc
            WHERE ROW(%2$s)::record *<> ROW(%4$s)::record
                AND EXISTS (
                    SELECT FROM unnest(%2$s, computed.features) AS field (stored, computed)
                    WHERE float8send(field.stored) IS DISTINCT FROM float8send(nullif(field.computed, 'NaN')))
        ), named AS (
            SELECT * FROM different ORDER BY ts_utc LIMIT $8
        )
        SELECT named.ts_utc, ('{rate_index}'::text[] || $7)[i], named.stored[i]::text,
            nullif(named.features[i], 'NaN')::text
        FROM named CROSS JOIN generate_series(1, cardinality($7) + 1) i
        WHERE float8send(named.stored[i]) IS DISTINCT FROM float8send(nullif(named.features[i], 'NaN'))
        UNION ALL
        SELECT NULL, NULL, count(*) || ' rows differ', 'none'
        FROM different
        HAVING count(*) > $8
        $query$, family, bqx.stored_row(family), partition,
        CASE WHEN can_be_undefined THEN 'array_replace(computed.features, ''NaN'', NULL)' ELSE 'computed.features' END)
    USING source.times, source.inputs, source.bars, source.windows, source.skip, source.tail, columns, most_named;
END
$$;
COMMENT ON FUNCTION bqx.verify_every_row IS
    'Computes every row of a partition again, and names at most most_named rows whose bits differ, by column; a'
    ' last row without a time counts them if there are more. Where same_bits says that all are known to be the same it'
    ' makes sure of the functions alone.';
