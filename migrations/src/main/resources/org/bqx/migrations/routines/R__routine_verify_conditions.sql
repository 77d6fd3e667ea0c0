SET LOCAL ROLE bqx_owner;

-- Dropped first: the release before told the labels, too.
DROP FUNCTION IF EXISTS bqx.verify_conditions(text);
CREATE FUNCTION bqx.verify_conditions(
    family text, OUT full_history text, OUT full_history_quick text, OUT any_history text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    SELECT coalesce(string_agg(need.holds, ' AND ' ORDER BY need.needs), 'true'),
        coalesce(string_agg(need.quick, ' AND ' ORDER BY need.needs), 'true'),
        coalesce(string_agg(format('CASE WHEN b.position > %s THEN %s ELSE num_nonnulls(%s) = 0 END',
            need.needs, need.holds, need.columns), ' AND ' ORDER BY need.needs), 'true')
    INTO full_history, full_history_quick, any_history
    FROM (
        SELECT c.needs, string_agg(format('p.%I', c.column_name), ', ' ORDER BY c.element) AS columns,
            string_agg(r.holds, ' AND ' ORDER BY c.element) AS holds, string_agg(r.quick, ' AND ' ORDER BY c.element) AS quick
        FROM bqx.feature_column c
        JOIN (
            SELECT r.element, string_agg(r.holds, ' AND ') AS holds, string_agg(r.quick, ' AND ') AS quick
            FROM bqx.verify_rules(verify_conditions.family) r
            GROUP BY r.element
        ) r ON r.element = c.element
        WHERE c.family = verify_conditions.family
        GROUP BY c.needs
    ) need;
END
$$;
COMMENT ON FUNCTION bqx.verify_conditions IS
    'SQL over p and b, as in bqx.feature_rule, that bqx.verify_rows puts together from a family''s catalogue:'
    ' full_history is true of a row with all its columns, full_history_quick where its rules can be asked faster,'
    ' and any_history of any row.';
