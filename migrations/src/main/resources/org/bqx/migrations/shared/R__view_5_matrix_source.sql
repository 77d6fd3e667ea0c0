SET LOCAL ROLE bqx_owner;

-- What a matrix can have columns of: what families store, what their views give, and what is derived from both.
-- expression is SQL over a row of the family's table; place is the order within the family.
CREATE OR REPLACE VIEW bqx.matrix_source AS
WITH stored AS MATERIALIZED (
    SELECT c.family, c.element, c.column_name, c.metric, c.window_length, c.needs, c.lowest, c.highest,
        c.undefined_when, c.unit, c.description
    FROM bqx.feature_column c
), derived (source_group, family, place, column_name, expression, lowest, highest, unit, description) AS (
    SELECT d.view_name, d.family, 1000 + row_number() OVER (ORDER BY d.view_name, d.window_length, d.metric_no),
        d.column_name, d.expression, float8 '-Infinity', float8 'Infinity', d.unit, d.description
    FROM bqx.derived_column d
    UNION ALL
    SELECT 'derived', s.family, 1, 'derived_momentum_alignment',
        string_agg(format('sign(%I)', s.column_name), ' + ' ORDER BY s.window_length), -count(*), count(*), 'count',
        'sum of the signs of return over the windows: positive where the price fell over most of them'
    FROM stored s
    WHERE s.family = 'bqx' AND s.metric = 'return'
    GROUP BY s.family
    UNION ALL
    SELECT 'derived', s.family, 2, 'derived_trend_strength',
        format('(%s) / %s', string_agg(format('%I', s.column_name), ' + ' ORDER BY s.window_length), count(*)), 0, 1, 'ratio',
        'mean of r2 over the windows'
    FROM stored s
    WHERE s.family = 'reg' AND s.metric = 'r2'
    GROUP BY s.family
    UNION ALL
    SELECT 'derived', v.family, 2 + row_number() OVER (ORDER BY v.window_length, w.window_length),
        format('derived_divergence_%s_%s', v.window_length, w.window_length),
        format('%I - %I', v.column_name, w.column_name), '-Infinity', 'Infinity', 'ratio',
        format('mean_return of %s bars less that of %s', v.window_length, w.window_length)
    FROM stored v
    JOIN stored w ON w.family = v.family AND w.metric = v.metric AND w.window_length > v.window_length
    WHERE v.family = 'bqx' AND v.metric = 'mean_return'
)
SELECT source.source_group || '.' || source.column_name AS source_name, source.source_group, source.column_name,
    source.family, f.family_no, source.place::int AS place, source.expression, source.lookback, source.lowest,
    source.highest, source.undefined_when, source.unit, source.description, f.role, f.enabled
FROM (
    SELECT s.family AS source_group, s.family, s.element AS place, s.column_name,
        format('%I', s.column_name) AS expression, s.needs AS lookback, s.lowest, s.highest, s.undefined_when, s.unit,
        s.description
    FROM stored s
    UNION ALL
    SELECT 'm1', 'bqx', 1, 'rate_index', 'rate_index', 0, 0, 'Infinity', NULL, 'index points',
        'close / baseline_rate * 100'
    UNION ALL
    SELECT d.source_group, d.family, d.place, d.column_name, d.expression, coalesce(part.lookback, 0), d.lowest,
        d.highest, part.undefined_when, d.unit, d.description
    FROM derived d
    CROSS JOIN LATERAL (
        SELECT max(s.needs) AS lookback, string_agg(DISTINCT s.undefined_when, '; ') AS undefined_when
        FROM stored s
        -- The cheap condition first: a regular expression for each pair of names takes a second.
        WHERE s.family = d.family AND strpos(d.expression, s.column_name) > 0
            AND d.expression ~ ('\m' || s.column_name || '\M')
    ) part
) source
-- A row of the market is of no pair.
JOIN bqx.family f ON f.family = source.family AND f.scope = 'pair';
COMMENT ON VIEW bqx.matrix_source IS 'columns that bqx.define_matrix can be asked for; lookback in bars';
COMMENT ON COLUMN bqx.matrix_source.source_name IS '{source_group}.{column_name}, by which a matrix names it';
COMMENT ON COLUMN bqx.matrix_source.source_group IS 'the family, a view over it, m1, or derived';
COMMENT ON COLUMN bqx.matrix_source.column_name IS 'name of the column in the matrix''s rows';
COMMENT ON COLUMN bqx.matrix_source.family IS 'the family whose rows it is read from';
COMMENT ON COLUMN bqx.matrix_source.family_no IS 'that family''s number';
COMMENT ON COLUMN bqx.matrix_source.place IS 'its order within the family';
COMMENT ON COLUMN bqx.matrix_source.expression IS 'SQL over a row of the family''s table';
COMMENT ON COLUMN bqx.matrix_source.lookback IS 'bars before a row''s own that the value needs';
COMMENT ON COLUMN bqx.matrix_source.lowest IS 'least value that is possible; -Infinity for none';
COMMENT ON COLUMN bqx.matrix_source.highest IS 'greatest value that is possible; Infinity for none';
COMMENT ON COLUMN bqx.matrix_source.undefined_when IS
    'when the value is NULL although the bars are there; NULL for never';
COMMENT ON COLUMN bqx.matrix_source.unit IS 'unit of the values';
COMMENT ON COLUMN bqx.matrix_source.description IS 'what the values are';
COMMENT ON COLUMN bqx.matrix_source.role IS 'feature, or target: a matrix takes features alone';
COMMENT ON COLUMN bqx.matrix_source.enabled IS 'whether the family is computed in this database';
