SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.families_by_source(wanted text[] DEFAULT NULL) RETURNS TABLE (families text[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT array_agg(f.family ORDER BY f.family_no)
    FROM bqx.family f
    WHERE wanted IS NULL OR f.family = ANY (wanted)
    GROUP BY f.scope, f.inputs, f.windows, f.lookback, f.lookahead, f.related_max_age
    ORDER BY min(f.family_no);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.families_by_source TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.families_by_source IS
    'Families, NULL for all, in arrays of those whose partitions of one pair and month are computed from the same'
    ' source: the same inputs of the same bars, for the same windows.';
