SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.verify_labels(
    family text,
    OUT null_labels text[], OUT nulls text, OUT nulls_quick text, OUT average_labels text[], OUT averages text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    SELECT array_agg(label.name ORDER BY label.no), coalesce(string_agg(label.counted, ', ' ORDER BY label.no), ''),
        coalesce(string_agg(
            CASE WHEN label.can_be_undefined THEN label.counted ELSE label.derived END, ', ' ORDER BY label.no), '')
    INTO null_labels, nulls, nulls_quick
    FROM (
        SELECT coalesce('w' || c.window_length, c.family) AS name, min(c.element) AS no,
            bool_or(c.undefined_when IS NOT NULL) AS can_be_undefined,
            format('sum(num_nulls(%s)) FILTER (WHERE p.ts_utc IS NOT NULL)',
                string_agg(format('p.%I', c.column_name), ', ')) AS counted,
            format('(SELECT sum(greatest(least(needs, $6) - $3, 0)) FROM unnest(%L::int[]) needs)',
                array_agg(c.needs)) AS derived
        FROM bqx.feature_column c
        WHERE c.family = verify_labels.family
        GROUP BY 1
    ) label;

    SELECT array_agg(concat_ws(' ', 'w' || c.window_length, 'avg', c.metric) ORDER BY c.element),
        coalesce(string_agg(format('sum(p.%1$I) / nullif(count(p.%1$I), 0)', c.column_name), ', ' ORDER BY c.element), '')
    INTO average_labels, averages
    FROM bqx.feature_column c
    WHERE c.family = verify_labels.family AND c.averaged;
END
$$;
COMMENT ON FUNCTION bqx.verify_labels IS
    'What bqx.verify_rows tells of a family''s columns: nulls and averages are SQL, lists of aggregates over a'
    ' partition''s rows p, for the NULLs of the columns that a label stands for and the averages of the columns that'
    ' are reported. What is NULL in a right partition for want of history alone follows from its length, $6 bars from'
    ' the lookback''s start after $3 of lookback: nulls_quick counts no rows for it.';
