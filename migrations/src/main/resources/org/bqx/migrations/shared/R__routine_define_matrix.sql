SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes defines here what it likes to read.
CREATE OR REPLACE FUNCTION bqx.define_matrix(
    name text, pairs text[], columns text[], related text[] DEFAULT '{}', related_columns text[] DEFAULT '{}',
    related_max_age int DEFAULT NULL, lags int[] DEFAULT '{}', lag_columns text[] DEFAULT NULL,
    target_w int DEFAULT 60, target_h int DEFAULT 60, from_time timestamptz DEFAULT NULL,
    to_time timestamptz DEFAULT NULL, train_until timestamptz DEFAULT NULL, validate_until timestamptz DEFAULT NULL,
    embargo int DEFAULT NULL)
RETURNS int
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    asked CONSTANT jsonb := jsonb_strip_nulls(jsonb_build_object(
        'pairs', pairs, 'columns', columns, 'related', related, 'related_columns', related_columns,
        'related_max_age', related_max_age, 'lags', lags, 'lag_columns', lag_columns, 'target_w', target_w,
        'target_h', target_h, 'from_time', from_time, 'to_time', to_time, 'train_until', train_until,
        'validate_until', validate_until, 'embargo', embargo));
    own_pairs text[];
    own_columns text[];
    lagged text[];
    other_pairs text[];
    other_columns text[];
    first_time timestamptz;
    end_time timestamptz;
    widest record;
    unquoted record;
    warned record;
BEGIN
    IF (name ~ '^[a-z][a-z0-9_]{0,47}$') IS NOT TRUE THEN
        RAISE EXCEPTION 'matrix name "%" is not a letter and up to 47 letters, digits and _, in lower case', left(name, 100)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF EXISTS (SELECT FROM bqx.matrix x WHERE x.name = define_matrix.name) THEN
        RAISE EXCEPTION 'matrix "%" is there already', name
            USING ERRCODE = 'unique_violation',
                HINT = format('Take another name, or drop it first: SELECT bqx.drop_matrix(%L).', name);
    END IF;
    own_pairs := CASE
        WHEN pairs = '{all}' THEN ARRAY(
            SELECT p.pair FROM bqx.pair p
            WHERE EXISTS (SELECT FROM bqx.m1_month m WHERE m.pair = p.pair AND m.bars > 0)
            ORDER BY p.pair_no)
        ELSE ARRAY(
            SELECT p.pair
            FROM (
                SELECT bqx.check_pair(u.pair) AS pair, min(u.no) AS no
                FROM unnest(pairs) WITH ORDINALITY u (pair, no) GROUP BY 1
            ) p
            ORDER BY p.no)
    END;
    IF cardinality(own_pairs) = 0 OR cardinality(columns) IS NOT DISTINCT FROM 0 OR columns IS NULL THEN
        RAISE EXCEPTION 'matrix "%" has no %', name, CASE WHEN cardinality(own_pairs) = 0 THEN 'pairs' ELSE 'columns' END
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    own_columns := bqx.matrix_sources(columns);

    -- A million bars are more than two years.
    IF (0 < ALL (coalesce(lags, '{}')) AND 1000000 >= ALL (coalesce(lags, '{}'))) IS NOT TRUE THEN
        RAISE EXCEPTION 'lags are %: must be bars before the row, from 1 to 1000000', lags
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF coalesce(cardinality(lags), 0) = 0 AND cardinality(lag_columns) > 0 THEN
        RAISE EXCEPTION 'lag columns without lags: %', array_to_string(lag_columns, ', ')
            USING ERRCODE = 'invalid_parameter_value', HINT = 'lags are the bars before the row that they are of.';
    END IF;
    lags := ARRAY(SELECT DISTINCT l FROM unnest(lags) l ORDER BY l);
    lagged := CASE
        WHEN cardinality(lags) = 0 THEN '{}'
        WHEN lag_columns IS NULL THEN ARRAY(
            SELECT c.name FROM unnest(own_columns) WITH ORDINALITY c (name, no)
            WHERE split_part(c.name, '.', 1) IN ('bqx', 'reg', 'volume', 'spread', 'xpair') ORDER BY c.no)
        ELSE bqx.matrix_sources(lag_columns)
    END;
    IF NOT lagged <@ own_columns OR (cardinality(lags) > 0 AND cardinality(lagged) = 0) THEN
        RAISE EXCEPTION 'lags of columns that the matrix lacks: %', coalesce(nullif(array_to_string(ARRAY(
                SELECT l FROM unnest(lagged) l WHERE NOT l = ANY (own_columns)), ', '), ''), 'none is of bqx, reg, volume, spread or xpair')
            USING ERRCODE = 'invalid_parameter_value', HINT = 'lag_columns names columns among those of the matrix.';
    END IF;

    other_pairs := CASE
        WHEN related = '{same}' THEN ARRAY(
            SELECT DISTINCT r.related FROM unnest(own_pairs) p, bqx.related_pairs(p) r WHERE r.related IS NOT NULL ORDER BY 1)
        WHEN related = '{all}' THEN ARRAY(
            SELECT p.pair FROM bqx.pair p WHERE own_pairs <> ARRAY[p.pair] ORDER BY 1)
        ELSE ARRAY(SELECT DISTINCT bqx.check_pair(r) FROM unnest(related) r ORDER BY 1)
    END;
    other_columns := bqx.matrix_sources(coalesce(related_columns, '{}'));
    IF (cardinality(other_pairs) = 0) <> (cardinality(other_columns) = 0) THEN
        RAISE EXCEPTION 'related pairs and related columns go together: there are % and %',
            cardinality(other_pairs), cardinality(other_columns)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF related_max_age IS NOT NULL AND cardinality(other_pairs) = 0 THEN
        RAISE EXCEPTION 'related_max_age without related pairs' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF related_max_age < 0 OR embargo < 0 THEN
        RAISE EXCEPTION 'related_max_age % and embargo % must not be below 0', related_max_age, embargo
            USING ERRCODE = 'invalid_parameter_value';
    END IF;

    IF (target_w IS NULL) <> (target_h IS NULL) THEN
        RAISE EXCEPTION 'target_w and target_h go together' USING ERRCODE = 'invalid_parameter_value';
    ELSIF target_w IS NOT NULL THEN
        PERFORM bqx.check_target(target_w, target_h);
    END IF;

    first_time := coalesce(from_time, (
        SELECT min(b.baseline_time) FROM bqx.baseline_rates b WHERE b.pair = ANY (own_pairs)));
    end_time := least(to_time, (
        SELECT max(last.time) FROM unnest(own_pairs) p CROSS JOIN LATERAL (
            SELECT b.time FROM bqx.m1 b WHERE b.pair = p ORDER BY b.time DESC LIMIT 1) last) + INTERVAL '1 minute');
    IF (train_until IS NULL) <> (validate_until IS NULL) THEN
        RAISE EXCEPTION 'train_until and validate_until go together' USING ERRCODE = 'invalid_parameter_value';
    ELSIF train_until IS NULL THEN
        IF (first_time < end_time) IS NOT TRUE THEN
            RAISE EXCEPTION 'no bars to divide into train, validation and test: from % to %',
                coalesce(bqx.utc_text(first_time), 'a baseline bar that is not there'), coalesce(bqx.utc_text(end_time), 'a last bar that is not there')
                USING ERRCODE = 'QX003', HINT = 'Import bars first, or give train_until and validate_until.';
        END IF;
        train_until := date_bin(INTERVAL '1 minute', first_time + 0.70 * (end_time - first_time), 'epoch');
        validate_until := date_bin(INTERVAL '1 minute', first_time + 0.85 * (end_time - first_time), 'epoch');
    END IF;
    IF train_until > validate_until OR NOT (isfinite(train_until) AND isfinite(validate_until)) OR from_time >= to_time THEN
        RAISE EXCEPTION 'times of matrix "%" are not in order: from %, train until %, validate until %, to %', name,
            coalesce(bqx.utc_text(from_time), 'the baseline bar'), bqx.utc_text(train_until), bqx.utc_text(validate_until),
            coalesce(bqx.utc_text(to_time), 'the last bar')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;

    INSERT INTO bqx.matrix (
        name, pairs, columns, lags, lag_columns, related_pairs, related_columns, related_max_age, target_w, target_h,
        from_time, to_time, train_until, validate_until, embargo, asked)
    VALUES (
        name, own_pairs, own_columns, lags, lagged, other_pairs, other_columns, related_max_age, target_w, target_h,
        from_time, to_time, train_until, validate_until, coalesce(embargo, target_h, 0), asked);
    SELECT max(c."position") AS columns, max(c.column_name) FILTER (WHERE octet_length(c.column_name) > 63) AS long_name
    INTO widest
    FROM bqx.matrix_column(name) c;
    IF widest.columns > 1664 THEN
        RAISE EXCEPTION 'matrix "%" would have % columns: a query has at most 1664', name, widest.columns
            USING ERRCODE = 'too_many_columns', HINT = 'Define two, of the same pairs and times, and join them by pair and ts_utc.';
    END IF;
    IF widest.long_name IS NOT NULL THEN
        RAISE EXCEPTION 'column "%" of matrix "%" would have % bytes: a name has at most 63', widest.long_name, name,
            octet_length(widest.long_name)
            USING ERRCODE = 'name_too_long';
    END IF;
    SELECT string_agg(DISTINCT d.family, ', ') AS families, string_agg(DISTINCT lacking.pair, ', ') AS pairs,
        count(DISTINCT (lacking.pair, lacking.month)) AS months
    INTO unquoted
    FROM bqx.matrix_column(name) c
    JOIN bqx.feature_definition d ON d.family = c.family AND d.inputs && '{bid,ask}'
    JOIN bqx.m1_month lacking ON lacking.pair = ANY (own_pairs) AND lacking.bars > 0 AND lacking.quotes = 0
        AND bqx.month_end(lacking.month) > coalesce(first_time, '-infinity')
        AND bqx.month_start(lacking.month) < coalesce(end_time, 'infinity')
    WHERE c.pair IS NULL;
    IF unquoted.months > 0 THEN
        RAISE WARNING 'months without rows: % of %; no bar of theirs has the bid and ask that % is made of',
            unquoted.months, unquoted.pairs, unquoted.families
            USING HINT = 'SELECT pair, month FROM bqx.m1_month WHERE bars > 0 AND quotes = 0 lists them.';
    END IF;

    FOR warned IN SELECT w.message, w.hint FROM bqx.matrix_warnings(name) w LOOP
        RAISE WARNING '%', warned.message USING HINT = warned.hint;
    END LOOP;
    RETURN widest.columns;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.define_matrix TO bqx_runner;
COMMENT ON FUNCTION bqx.define_matrix IS
    'Defines a matrix, and returns how many columns it has. pairs may be all: those that have bars now. columns and'
    ' related_columns are patterns, see bqx.matrix_sources; related is pairs, or same for all that share a currency with one of the matrix''s pairs,'
    ' or all. Lags are in bars; without lag_columns they are of the columns of bqx, reg, volume, spread and xpair.'
    ' train_until and validate_until are both given or both left out: then 70 % of the time from the first row to'
    ' the last bar is for training, 15 % for validation and 15 % for the test. The embargo is in bars, target_h'
    ' where it is NULL. target_w NULL makes a matrix without a target.';
