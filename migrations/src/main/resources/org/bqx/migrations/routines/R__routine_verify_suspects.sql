SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.verify_suspects(family text, partition text, source bqx.source, positions int[])
RETURNS TABLE (ts_utc timestamptz, column_name text, rule text, found text, expected text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET extra_float_digits = 1
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    rules CONSTANT text := (
        SELECT string_agg(named.rule, ', ')
        FROM (
            SELECT format('(%1$L, ''NULL in the first W rows alone'', p.%1$I, NULL::float8, '
                    || CASE WHEN c.undefined_when IS NULL THEN '(p.%1$I IS NULL) = (b.position <= %2$s))'
                        ELSE 'p.%1$I IS NULL OR b.position > %2$s)' END
                    || ', (%1$L, ''finite'', p.%1$I, NULL, p.%1$I IS NULL OR abs(p.%1$I) < ''Infinity'')',
                c.column_name, c.needs) AS rule
            FROM bqx.feature_column c WHERE c.family = verify_suspects.family
            UNION ALL
            SELECT format('(%L, %L, p.%I, %s, b.position <= %s OR %s)', r.column_name, r.rule, r.column_name,
                coalesce(r.expected, 'NULL'), r.needs, r.holds)
            FROM bqx.verify_rules(verify_suspects.family) r
        ) named);
BEGIN
    RETURN QUERY EXECUTE format($query$
        SELECT p.ts_utc, r.column_name, r.rule, r.found::text, r.expected::text
        FROM (
            SELECT $1[i] AS time, $2[i] AS x, i AS position, $2[i - 1] AS previous, 1 / nullif($2[i], 0) AS inverse,
                1e-12 * $2[i] AS slack
            FROM unnest($3) i
        ) b
        JOIN bqx.%I p ON p.ts_utc = b.time
        CROSS JOIN LATERAL (VALUES %s) r (column_name, rule, found, expected, holds)
        WHERE r.holds IS NOT TRUE
        ORDER BY b.time, r.column_name, r.rule
        $query$, partition, rules)
    USING source.times, source.inputs, positions;
END
$$;
COMMENT ON FUNCTION bqx.verify_suspects IS
    'Names what is wrong with the rows of some bars, by column and rule; positions count bars from the lookback''s'
    ' start.';
