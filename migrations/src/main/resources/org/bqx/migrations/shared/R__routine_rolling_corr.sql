SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: a reader need not know the helpers.
CREATE OR REPLACE FUNCTION bqx.rolling_corr(
    pair text, feature text, target text DEFAULT 'w60_h60', w int DEFAULT 240,
    from_time timestamptz DEFAULT NULL, to_time timestamptz DEFAULT NULL)
RETURNS TABLE (ts_utc timestamptz, corr double precision, known_at timestamptz)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
    parsed CONSTANT record := bqx.parse_target(target);
    first_time CONSTANT timestamptz := coalesce(from_time, '-infinity');
    end_time CONSTANT timestamptz := coalesce(to_time, 'infinity');
    named record;
    read_from timestamptz;
    skip int;
    times timestamptz[];
    known timestamptz[];
    targets double precision[];
    series double precision[];
    columns double precision[];
BEGIN
    SELECT f.family, f.feature INTO named FROM bqx.features_like('{*}') f
    WHERE f.feature = lower(rolling_corr.feature);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'unknown feature "%"', feature
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'SELECT column_name FROM bqx.feature_column lists them; those of fwd are targets.';
    ELSIF (w BETWEEN 60 AND 100000) IS NOT TRUE THEN
        RAISE EXCEPTION 'w is %: must be from 60 to 100000', coalesce(w::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    EXECUTE format(
        'SELECT min(time), count(*) FROM (SELECT time FROM bqx.%I WHERE time < $1 ORDER BY time DESC LIMIT $2) bar',
        'm1_' || checked_pair)
    INTO read_from, skip
    USING first_time, w - 1;
    read_from := coalesce(read_from, first_time);
    SELECT array_agg(t.ts_utc ORDER BY t.ts_utc), array_agg(coalesce(t.target, 'NaN') ORDER BY t.ts_utc),
        array_agg(t.target_time ORDER BY t.ts_utc)
    INTO times, targets, known
    FROM bqx.target(checked_pair, read_from, end_time, parsed.window_length, parsed.horizon) t;
    IF times IS NULL OR cardinality(times) <= skip THEN
        RETURN;
    END IF;
    -- bqx.target has warned of those of bqx.
    PERFORM bqx.warn_of_missing_rows(named.family, checked_pair, read_from, end_time) WHERE named.family <> 'bqx';
    SELECT f.series INTO STRICT series
    FROM bqx.read_features(named.family, checked_pair, ARRAY[named.feature], read_from, end_time) f;
    columns := bqx.rolling_correlation(series, targets, w);
    RETURN QUERY
    SELECT r.ts_utc, nullif(r.corr, 'NaN'), r.known_at
    FROM unnest(times[skip + 1:], columns[skip + 1:cardinality(times)], known[skip + 1:]) r (ts_utc, corr, known_at);
END
$$;
GRANT EXECUTE ON FUNCTION bqx.rolling_corr TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.rolling_corr IS
    'Pearson''s correlation of a feature with a target, w{W}_h{H}, over the last w bars, for each bar of a pair'
    ' from from_time to to_time, the end excluded; NULL for no limit. known_at is the time of the H-th bar after the'
    ' row''s, the last that its target is of: before it nobody can know corr, so it is no feature. NULL where a'
    ' feature or target is NULL in the window, the history is shorter, or one of the two is constant. w is 60 or'
    ' more: fewer pairs say nothing.';
