SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.read_features(
    family text, pair text, features text[], from_time timestamptz, to_time timestamptz)
RETURNS TABLE (feature text, series double precision[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    checked_family CONSTANT text := bqx.check_family(family);
    checked_pair CONSTANT text := bqx.check_pair(pair);
    gathered text;
    named text;
BEGIN
    SELECT string_agg(format('array_agg(coalesce(f.%1$I, ''NaN'')) AS %1$I', c.column_name), ', ' ORDER BY named_feature.no),
        string_agg(format('(%L, s.%I)', c.column_name, c.column_name), ', ' ORDER BY named_feature.no)
    INTO gathered, named
    FROM unnest(features) WITH ORDINALITY named_feature (name, no)
    JOIN bqx.feature_column c ON c.family = checked_family AND c.column_name = named_feature.name;
    IF gathered IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format($query$
        SELECT v.feature, v.series
        FROM (
            SELECT %s
            FROM (
                SELECT r.*
                FROM (SELECT time FROM bqx.%I WHERE time >= $1 AND time < $2) bar
                LEFT JOIN (SELECT * FROM bqx.%I WHERE ts_utc >= $1 AND ts_utc < $2) r ON r.ts_utc = bar.time
                ORDER BY bar.time
            ) f
        ) s
        CROSS JOIN LATERAL (VALUES %s) v (feature, series)
        $query$, gathered, 'm1_' || checked_pair, checked_family || '_' || checked_pair, named)
    USING from_time, to_time;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.read_features TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.read_features IS
    'Columns of a family as series: of each a value for every bar of the pair from from_time to to_time, the end'
    ' excluded, NaN where it is NULL or the bar has no row.';
