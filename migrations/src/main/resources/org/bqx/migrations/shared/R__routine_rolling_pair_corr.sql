SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: a reader need not know the helpers.
CREATE OR REPLACE FUNCTION bqx.rolling_pair_corr(
    pair_a text, pair_b text, w int DEFAULT 240, from_time timestamptz DEFAULT NULL, to_time timestamptz DEFAULT NULL)
RETURNS TABLE (
    ts_utc timestamptz, corr double precision, corr_change double precision, volatility_a double precision,
    volatility_b double precision)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
    checked_a CONSTANT text := bqx.check_pair(pair_a);
    checked_b CONSTANT text := bqx.check_pair(pair_b);
    first_time CONSTANT timestamptz := coalesce(from_time, '-infinity');
    end_time CONSTANT timestamptz := coalesce(to_time, 'infinity');
    read_from timestamptz;
    times timestamptz[];
    returns_a double precision[];
    returns_b double precision[];
    columns double precision[];
    n int;
BEGIN
    IF (w BETWEEN 60 AND 100000) IS NOT TRUE THEN
        RAISE EXCEPTION 'w is %: must be from 60 to 100000', coalesce(w::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    EXECUTE format(
        'SELECT min(time) FROM (SELECT time FROM bqx.%I a JOIN bqx.%I b USING (time) WHERE time < $1'
        ' ORDER BY time DESC LIMIT $2) common', 'm1_' || checked_a, 'm1_' || checked_b)
    INTO read_from
    USING first_time, 2 * w;
    EXECUTE format($query$
        SELECT array_agg(time ORDER BY time),
            array_agg(coalesce((a - before_a) / before_a, 'NaN') ORDER BY time),
            array_agg(coalesce((b - before_b) / before_b, 'NaN') ORDER BY time)
        FROM (
            SELECT time, a, b, nullif(lag(a) OVER minute, 0) AS before_a, nullif(lag(b) OVER minute, 0) AS before_b
            FROM (SELECT time, close AS a FROM bqx.%I WHERE time >= $1 AND time < $2) a
            JOIN (SELECT time, close AS b FROM bqx.%I WHERE time >= $1 AND time < $2) b USING (time)
            WINDOW minute AS (ORDER BY time)
        ) common
        $query$, 'm1_' || checked_a, 'm1_' || checked_b)
    INTO times, returns_a, returns_b
    USING coalesce(read_from, first_time), end_time;
    IF times IS NULL THEN
        RETURN;
    END IF;
    n := cardinality(times);
    columns := bqx.rolling_correlation(returns_a, returns_b, w);
    RETURN QUERY
    SELECT r.time, r.corr, r.corr - r.corr_before, r.deviation_a, r.deviation_b
    FROM (
        SELECT u.time, nullif(u.corr, 'NaN') AS corr, lag(nullif(u.corr, 'NaN'), w) OVER (ORDER BY u.time) AS corr_before,
            nullif(u.deviation_a, 'NaN') AS deviation_a, nullif(u.deviation_b, 'NaN') AS deviation_b
        FROM unnest(times, columns[1:n], columns[n + 1:2 * n], columns[2 * n + 1:])
            u (time, corr, deviation_a, deviation_b)
    ) r
    WHERE r.time >= first_time
    ORDER BY r.time;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.rolling_pair_corr TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.rolling_pair_corr IS
    'How two pairs went with each other, at each minute from from_time to to_time, the end excluded, at which both'
    ' have a bar; NULL for no limit. Returns are those between consecutive common minutes, (close - close before) /'
    ' close before. corr is Pearson''s correlation of the last w of them, corr_change is corr less corr w common'
    ' minutes earlier, the volatilities are their sample standard deviations. NULL where the history is shorter or a'
    ' close is missing; corr also where one of the two is constant. w is 60 or more.';
