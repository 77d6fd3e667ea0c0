SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.features_like(patterns text[])
RETURNS TABLE (family text, feature text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT f.family, c.column_name
    FROM bqx.feature f
    JOIN bqx.feature_definition d ON d.family = f.family
    JOIN bqx.feature_column c ON c.family = f.family
    WHERE f.enabled AND d.role = 'feature' AND d.scope = 'pair' AND EXISTS (
        SELECT FROM unnest(patterns) p
        WHERE concat(f.family, '.', c.column_name)
            LIKE replace(replace(replace(replace(p, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%'))
    ORDER BY f.family_no, c.element;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.features_like TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.features_like IS
    'The features by pair of the enabled families that match one of the patterns: family.column, in which * is any text.'
    ' Targets are not among them.';
