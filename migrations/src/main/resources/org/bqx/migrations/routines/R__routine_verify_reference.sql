SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.verify_reference(family text, partition text, source bqx.source, positions int[])
RETURNS TABLE (ts_utc timestamptz, column_name text, found text, expected text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY EXECUTE format($query$
        SELECT field.ts_utc, c.column_name, field.stored::text, field.reference::text
        FROM (
            SELECT ts_utc, element, stored, nullif(reference, 'NaN') AS reference
            FROM (
                SELECT p.ts_utc, generate_series(1, cardinality(r.features)) AS element,
                    unnest(%3$s) AS stored, unnest(r.features) AS reference
                FROM (
                    SELECT unnest($3) AS position, bqx.feature_reference(%1$L, $2, $4, $5, $3) AS features
                ) r
                JOIN bqx.%2$I p ON p.ts_utc = $1[r.position]
            ) each_field
        ) field
        -- Few are further away than this, and so few are looked up.
        JOIN bqx.feature_column c ON c.family = %1$L AND c.element = field.element
        WHERE field.stored IS DISTINCT FROM field.reference
            AND (abs(field.stored - field.reference) <= 1e-9 * abs(field.reference)) IS NOT TRUE
            AND (abs(field.stored - field.reference) <= c.tolerance) IS NOT TRUE
        ORDER BY field.ts_utc, c.element
        $query$, family, partition, bqx.stored_row(family))
    USING source.times, source.inputs, positions, source.bars, source.windows;
END
$$;
COMMENT ON FUNCTION bqx.verify_reference IS
    'Where rows of a partition are further from the reference than the catalogue allows; positions count bars from'
    ' the lookback''s start.';
