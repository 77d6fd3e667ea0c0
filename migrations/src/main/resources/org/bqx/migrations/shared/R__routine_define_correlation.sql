SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not own the tables.
CREATE OR REPLACE FUNCTION bqx.define_correlation(
    target text DEFAULT 'w60_h60', features text[] DEFAULT NULL, windows int[] DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    parsed CONSTANT record := bqx.parse_target(target);
    patterns CONSTANT text[] := ARRAY(SELECT DISTINCT lower(f) FROM unnest(features) f ORDER BY 1);
    lengths CONSTANT int[] := ARRAY(SELECT DISTINCT w FROM unnest(windows) w ORDER BY 1);
    unmet text;
BEGIN
    PERFORM bqx.check_target(parsed.window_length, parsed.horizon);
    IF features IS NOT NULL AND patterns = '{}' OR windows IS NOT NULL AND lengths = '{}' THEN
        RAISE EXCEPTION 'no % for target %', CASE WHEN patterns = '{}' THEN 'features' ELSE 'windows' END, target
            USING ERRCODE = 'invalid_parameter_value';
    ELSIF array_position(lengths, NULL) IS NOT NULL OR array_position(patterns, NULL) IS NOT NULL OR 60 > ANY (lengths) THEN
        RAISE EXCEPTION 'windows are %, features %: none may be NULL, no window below 60 bars',
            coalesce(windows::text, 'as before'), coalesce(features::text, 'as before')
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Of fewer than 60 pairs no correlation is given.';
    ELSIF lengths[cardinality(lengths)] > 100000 THEN
        RAISE EXCEPTION 'window % is above 100000 bars', lengths[cardinality(lengths)]
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT p INTO unmet FROM unnest(patterns) p
    WHERE NOT EXISTS (SELECT FROM bqx.features_like(ARRAY[p])) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'no feature of an enabled family is named "%"', unmet
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'For instance bqx.*, reg.w60_* or *; SELECT family, column_name FROM bqx.feature_column lists them.'
                    ' A target, as those of fwd are, is no feature.';
    END IF;
    -- Two that come at once number one after the other.
    LOCK TABLE bqx.correlation IN SHARE ROW EXCLUSIVE MODE;
    INSERT INTO bqx.correlation AS c (target, correlation_no, window_length, horizon, features, windows)
    SELECT concat('w', parsed.window_length, '_h', parsed.horizon), coalesce(max(o.correlation_no), 99) + 1,
        parsed.window_length, parsed.horizon, coalesce(nullif(patterns, '{}'), '{*}'),
        coalesce(nullif(lengths, '{}'), '{60,240,390}')
    FROM bqx.correlation o
    ON CONFLICT ON CONSTRAINT correlation_pkey DO UPDATE
    SET features = coalesce(nullif(patterns, '{}'), c.features), windows = coalesce(nullif(lengths, '{}'), c.windows);
    IF to_regclass('bqx.node') IS NOT NULL THEN
        PERFORM bqx.call_nodes('define_correlation',
            jsonb_build_object('target', target, 'features', features, 'windows', windows));
    END IF;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.define_correlation TO bqx_runner;
COMMENT ON FUNCTION bqx.define_correlation IS
    'Says that features are to be correlated with a target: which features, and over which windows. NULL leaves'
    ' what was chosen before; at first that is all features, and windows of 60, 240 and 390 bars. Months that were'
    ' correlated with other features or windows become stale.';
