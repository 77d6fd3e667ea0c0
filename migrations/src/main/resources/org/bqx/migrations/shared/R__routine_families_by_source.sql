SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.families_by_source(wanted text[] DEFAULT NULL) RETURNS TABLE (families text[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT array_agg(known.family ORDER BY known.family_no)
    FROM bqx.feature known
    LEFT JOIN bqx.family f ON f.family = known.family -- one without a definition is not left out in silence
    WHERE wanted IS NULL OR known.family = ANY (wanted)
    GROUP BY f.scope, f.inputs, f.windows, f.lookback, f.lookahead, f.related_max_age
    ORDER BY min(known.family_no);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.families_by_source TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.families_by_source IS
    'Families, NULL for all, in arrays of those whose partitions of one pair and month are computed from the same'
    ' source: the same inputs of the same bars, for the same windows.';
