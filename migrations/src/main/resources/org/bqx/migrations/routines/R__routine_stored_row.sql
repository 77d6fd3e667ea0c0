SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.stored_row(family text) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT format('ARRAY[%s]', concat_ws(', ', 'p.rate_index', string_agg(format('p.%I', c.column_name), ', ' ORDER BY c.element)))
    FROM bqx.feature_column c
    WHERE c.family = stored_row.family;
END;
COMMENT ON FUNCTION bqx.stored_row IS
    'SQL for a stored row p of a family as the array that its Java function returns, but with NULL for what is not'
    ' there.';
