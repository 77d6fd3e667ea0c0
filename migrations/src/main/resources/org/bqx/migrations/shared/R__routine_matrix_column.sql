SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.matrix_column(name text)
RETURNS TABLE ("position" int, column_name text, data_type text, role text, source_name text, family text, pair text,
    lag int, unit text, lookback int, lowest double precision, highest double precision, nullable boolean,
    null_when text, description text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    checked_name CONSTANT text := bqx.check_matrix(name);
    m record;
    target_name text;
BEGIN
    SELECT x.* INTO STRICT m FROM bqx.matrix x WHERE x.name = checked_name;
    target_name := format('w%s_target_h%s', m.target_w, m.target_h);
    RETURN QUERY
    WITH source AS MATERIALIZED (
        SELECT * FROM bqx.matrix_source
    ), feature AS (
        SELECT 1 AS part, 0 AS first_no, c.no AS second_no, c.name, NULL::text AS pair, NULL::int AS lag
        FROM unnest(m.columns) WITH ORDINALITY c (name, no)
        UNION ALL
        SELECT 2, c.no, l.no, c.name, NULL, l.lag
        FROM unnest(m.lag_columns) WITH ORDINALITY c (name, no) CROSS JOIN unnest(m.lags) WITH ORDINALITY l (lag, no)
        UNION ALL
        SELECT 3, p.no, c.no, c.name, p.pair, NULL
        FROM unnest(m.related_pairs) WITH ORDINALITY p (pair, no)
        CROSS JOIN unnest(m.related_columns) WITH ORDINALITY c (name, no)
    ), listed AS (
        SELECT v.* FROM (VALUES
            (0, 0::bigint, 1::bigint, 'pair', 'text', 'key', NULL::text, NULL::text, NULL::text, NULL::int, 'name',
                NULL::int, NULL::float8, NULL::float8, false, NULL::text, 'the pair'),
            (0, 0, 2, 'ts_utc', 'timestamp with time zone', 'key', NULL, NULL, NULL, NULL, 'UTC',
                NULL, NULL, NULL, false, NULL, 'open time of the bar; the row is known a minute later')
        ) v
        UNION ALL
        SELECT f.part, f.first_no, f.second_no,
            coalesce(f.pair || '_', '') || split_part(f.name, '.', 2) || coalesce('_lag' || f.lag, ''),
            'double precision', 'feature', f.name, s.family, f.pair, f.lag, s.unit,
            s.lookback + coalesce(f.lag, 0), s.lowest, s.highest, s.undefined_when IS NOT NULL OR f.part = 3,
            nullif(concat_ws('; ', s.undefined_when, CASE
                WHEN f.part < 3 THEN NULL
                WHEN m.related_max_age IS NULL THEN f.pair || ' has no bar at that minute'
                ELSE format('%s has no bar of that minute or the %s before', f.pair, m.related_max_age)
            END), ''),
            concat_ws(', ', s.description, f.lag || ' bars earlier', 'of ' || f.pair)
        FROM feature f
        LEFT JOIN source s ON s.source_name = f.name
        UNION ALL
        SELECT 4, 0, t.no, target_name || t.suffix, t.data_type, t.role, NULL, 'target', NULL, NULL, t.unit,
            greatest(m.target_w - m.target_h, 0), t.lowest, t.highest, true,
            format('in the last %s rows of the history%s', m.target_h, t.null_when), t.description
        FROM (VALUES
            (1, '', 'double precision', 'target', 'ratio', '-Infinity'::float8, 'Infinity'::float8, '',
                format('w%s_bqx_return of the bar %s bars after', m.target_w, m.target_h)),
            (2, '_time', 'timestamp with time zone', 'target time', 'UTC', NULL, NULL, '', 'open time of that bar'),
            (3, '_sign', 'integer', 'target', '-1, 0 or 1', -1, 1, '', 'sign of the target'),
            (4, '_scaled', 'double precision', 'target', 'ratio', '-Infinity', 'Infinity',
                '; where w60_rate_volatility is NULL or 0', 'target / (60 * w60_rate_volatility)')
        ) t (no, suffix, data_type, role, unit, lowest, highest, null_when, description)
        WHERE m.target_w IS NOT NULL
        UNION ALL
        SELECT 5, 0, 1, 'split', 'text', 'split', NULL, NULL, NULL, NULL, 'name', NULL, NULL, NULL, true,
            'the row belongs to no split: its target reaches into the next one, or it is in the embargo',
            'train, validation or test'
    )
    SELECT (row_number() OVER (ORDER BY l.part, l.first_no, l.second_no))::int, l.column_name, l.data_type, l.role,
        l.source_name, l.family, l.pair, l.lag, l.unit, l.lookback, l.lowest, l.highest, l.nullable, l.null_when,
        l.description
    FROM listed l (part, first_no, second_no, column_name, data_type, role, source_name, family, pair, lag, unit,
        lookback, lowest, highest, nullable, null_when, description)
    ORDER BY 1;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.matrix_column TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.matrix_column IS
    'The columns of a matrix in the order of bqx.matrix_query, which is the same for every pair. pair is NULL where'
    ' the value is the row''s own pair''s; lookback is in bars before the row; nullable is whether a value can be'
    ' NULL after that, and null_when says when. family is NULL, and source_name not, where the catalogue has the'
    ' column no more.';
