SET LOCAL ROLE bqx_owner;

-- Every branch names the pair's table and the range, so that other months are not read. Lags count bars: they are
-- taken over the range and the bars before it, and these are cut off after. A branch of lags has the bar's time, not
-- its row's, which is the same: so the planner knows that it comes in the order of time, as the other branches do by
-- their keys, and can merge them all. Else it sorts rows of hundreds of columns, or puts them into hash tables on disk.
-- DISTINCT ON says the same of the branches, and that a time is there once, which the planner does not see for a
-- partitioned table. What the families must have is asked for so that it keeps the outer joins: those of rows without
-- statistics seem to lose nearly all of them, and then it reads the target once a row.
-- Who reads the rows sets join_collapse_limit to 1, as their tables are in order; those of the catalogue are not, and
-- writing the query would take ten times as long.
CREATE OR REPLACE FUNCTION bqx.matrix_query(
    name text, pair text, from_time timestamptz DEFAULT NULL, to_time timestamptz DEFAULT NULL) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET join_collapse_limit = 8
AS $$
#variable_conflict use_variable
DECLARE
    checked_name CONSTANT text := bqx.check_matrix(name);
    checked_pair CONSTANT text := bqx.check_pair(pair);
    bars CONSTANT text := 'm1_' || checked_pair;
    missing text;
    m record;
    first_time timestamptz;
    end_time timestamptz;
    lag_time timestamptz;
    validation_time timestamptz;
    test_time timestamptz;
    needed jsonb;
    items text;
    joins text;
    present text;
    split text;
BEGIN
    SELECT x.* INTO STRICT m FROM bqx.matrix x WHERE x.name = checked_name;
    IF NOT checked_pair = ANY (m.pairs) THEN
        RAISE EXCEPTION 'matrix "%" is not of pair "%", but of %', m.name, checked_pair, array_to_string(m.pairs, ', ')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    first_time := coalesce(
        m.from_time, (SELECT b.baseline_time FROM bqx.baseline_rates b WHERE b.pair = checked_pair));
    IF first_time IS NULL THEN
        RAISE EXCEPTION 'matrix "%" starts at the baseline bar, which pair "%" lacks', m.name, checked_pair
            USING ERRCODE = 'QX003', HINT = format('SELECT bqx.set_baseline(%L);', checked_pair);
    END IF;
    first_time := greatest(first_time, from_time);
    end_time := least(coalesce(m.to_time, 'infinity'), to_time);
    EXECUTE format($query$
        SELECT coalesce((SELECT min(time) FROM (SELECT time FROM bqx.%1$I WHERE time < $1 ORDER BY time DESC LIMIT $2) b), $1),
            (SELECT time FROM bqx.%1$I WHERE time >= $3 ORDER BY time OFFSET $5 LIMIT 1),
            (SELECT time FROM bqx.%1$I WHERE time >= $4 ORDER BY time OFFSET $5 LIMIT 1)
        $query$, bars)
    INTO lag_time, validation_time, test_time
    USING first_time, coalesce((SELECT max(l) FROM unnest(m.lags) l), 0), m.train_until, m.validate_until, m.embargo;

    WITH listed AS MATERIALIZED (
        SELECT l.*, dense_rank() OVER (PARTITION BY l.role ORDER BY l.pair NULLS FIRST, l.first_place) AS branch
        FROM (
            SELECT c."position", c.column_name, c.source_name, c.family, c.pair, c.lag, c.role, s.expression,
                min(c."position") OVER (PARTITION BY c.family) AS first_place
            FROM bqx.matrix_column(checked_name) c
            LEFT JOIN bqx.matrix_source s ON s.source_name = c.source_name
        ) l
    ), branch AS (
        SELECT l.branch, l.family, l.pair,
            string_agg(format('%s AS %I', l.expression, l.column_name), ', ' ORDER BY l."position")
                FILTER (WHERE l.lag IS NULL) AS stored,
            string_agg(format('lag(f.%I, %s) OVER bars AS %I', split_part(l.source_name, '.', 2), l.lag, l.column_name),
                ', ' ORDER BY l."position") FILTER (WHERE l.lag IS NOT NULL) AS lagged
        FROM listed l
        WHERE l.role = 'feature' AND l.family IS NOT NULL
        GROUP BY l.branch, l.family, l.pair
    )
    SELECT (SELECT string_agg(format('f%s.%I', l.branch, l.column_name), ', ' ORDER BY l."position")
            FROM listed l WHERE l.role = 'feature'),
        string_agg(CASE
            WHEN b.pair IS NOT NULL AND m.related_max_age IS NOT NULL THEN format(
                E'LEFT JOIN LATERAL (\n    SELECT %1$s FROM bqx.%2$I\n    WHERE ts_utc <= f1.ts_utc AND ts_utc >= f1.ts_utc - %3$L::interval'
                ' AND ts_utc >= %4$L AND ts_utc < %5$L\n    ORDER BY ts_utc DESC LIMIT 1\n) f%6$s ON true',
                b.stored, b.family || '_' || b.pair, m.related_max_age || ' minutes',
                bqx.exact_time(first_time - m.related_max_age * INTERVAL '1 minute'), bqx.exact_time(end_time), b.branch)
            WHEN b.lagged IS NOT NULL THEN format(
                E'%1$s(\n    SELECT bar.time AS ts_utc, f.*, %2$s\n    FROM (SELECT time FROM bqx.%3$I WHERE time >= %4$L AND time < %5$L) bar\n'
                '    LEFT JOIN (SELECT DISTINCT ON (ts_utc) ts_utc AS row_time, %6$s FROM bqx.%7$I WHERE ts_utc >= %4$L AND ts_utc < %5$L) f'
                '\n        ON f.row_time = bar.time\n'
                '    WINDOW bars AS (ORDER BY bar.time)\n) f%8$s%9$s',
                CASE WHEN b.branch > 1 THEN 'LEFT JOIN ' END, b.lagged, bars, bqx.exact_time(lag_time),
                bqx.exact_time(end_time), b.stored, b.family || '_' || checked_pair, b.branch,
                CASE WHEN b.branch > 1 THEN format(' ON f%s.ts_utc = f1.ts_utc', b.branch) END)
            ELSE format(
                E'%1$s(\n    SELECT DISTINCT ON (ts_utc) ts_utc, %2$s FROM bqx.%3$I WHERE ts_utc >= %4$L AND ts_utc < %5$L\n) f%6$s%7$s',
                CASE WHEN b.branch > 1 THEN 'LEFT JOIN ' END, b.stored,
                b.family || '_' || coalesce(b.pair, checked_pair), bqx.exact_time(first_time), bqx.exact_time(end_time),
                b.branch, CASE WHEN b.branch > 1 THEN format(' ON f%s.ts_utc = f1.ts_utc', b.branch) END)
            END, E'\n' ORDER BY b.branch),
        string_agg(format(CASE WHEN b.branch = 1 THEN ' AND f%s.%I IS NOT NULL' ELSE ' AND (f%s.%I IS NULL) IS NOT TRUE' END,
            b.branch, CASE WHEN b.lagged IS NULL THEN 'ts_utc' ELSE 'row_time' END), '' ORDER BY b.branch)
            FILTER (WHERE b.pair IS NULL),
        (SELECT string_agg(DISTINCT l.source_name, ', ') FROM listed l WHERE l.family IS NULL),
        (SELECT jsonb_agg(jsonb_build_array(n.family, n.pair, n.lagged) ORDER BY n.pair, n.family)
            FROM (
                SELECT l.family, coalesce(l.pair, checked_pair) AS pair, coalesce(max(l.lag), 0) > 0 AS lagged
                FROM listed l WHERE l.role = 'feature' AND l.family IS NOT NULL GROUP BY 1, 2
            ) n)
    INTO items, joins, present, missing, needed
    FROM branch b;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'matrix "%" has columns that the catalogue lacks: %', name, missing
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Give the families these windows again, or define another matrix.';
    END IF;
    PERFORM bqx.warn_of_missing_rows(
        n.value ->> 0, n.value ->> 1, CASE WHEN (n.value -> 2)::boolean THEN lag_time ELSE first_time END, end_time)
    FROM jsonb_array_elements(needed) n;

    -- The split of a row without a target is by its own time.
    split := format(
        'CASE WHEN %1$s < %2$L THEN ''train'' WHEN f1.ts_utc >= %3$L AND %1$s < %4$L THEN ''validation'''
        ' WHEN f1.ts_utc >= %5$L AND %1$s IS NOT NULL THEN ''test'' END',
        CASE WHEN m.target_w IS NULL THEN 'f1.ts_utc' ELSE 't.target_time' END,
        bqx.exact_time(m.train_until), bqx.exact_time(coalesce(validation_time, 'infinity')),
        bqx.exact_time(m.validate_until), bqx.exact_time(coalesce(test_time, 'infinity')));
    RETURN concat_ws(E'\n',
        format('SELECT %L::text AS pair, f1.ts_utc, %s,', checked_pair, items),
        CASE WHEN m.target_w IS NOT NULL THEN format(
            '    t.target AS %1$I, t.target_time AS %2$I, t.sign AS %3$I, t.scaled AS %4$I,',
            format('w%s_target_h%s', m.target_w, m.target_h), format('w%s_target_h%s_time', m.target_w, m.target_h),
            format('w%s_target_h%s_sign', m.target_w, m.target_h), format('w%s_target_h%s_scaled', m.target_w, m.target_h))
        END,
        format('    %s AS split', split),
        'FROM ' || joins,
        CASE WHEN m.target_w IS NOT NULL THEN format(
            'LEFT JOIN bqx.target(%L, %L, %L, %s, %s) t ON t.ts_utc = f1.ts_utc',
            checked_pair, bqx.exact_time(first_time), bqx.exact_time(end_time), m.target_w, m.target_h)
        END,
        format('WHERE f1.ts_utc >= %L', bqx.exact_time(first_time)) || coalesce(present, ''),
        'ORDER BY f1.ts_utc');
END
$$;
GRANT EXECUTE ON FUNCTION bqx.matrix_query TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.matrix_query IS
    'SQL for the rows of a matrix of one pair, from one instant to another, the end excluded; NULL for the'
    ' matrix''s own limits. The columns are those of bqx.matrix_column, the rows in the order of time, one for each'
    ' bar that every family has a row of. A row is the same whatever range it is asked for in. Set jit to off where'
    ' there are many: compiling them takes longer than reading them.';
