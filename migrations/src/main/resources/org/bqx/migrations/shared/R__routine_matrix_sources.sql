SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.matrix_sources(patterns text[]) RETURNS text[]
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    bad record;
    named text[];
BEGIN
    SELECT p.pattern INTO bad FROM unnest(patterns) p (pattern)
    WHERE (p.pattern ~ '^([a-z0-9_*]+\.)?[a-z0-9_*]+$') IS NOT TRUE OR length(p.pattern) > 100
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'column "%" is not of the form family.column, with * for any characters', left(bad.pattern, 100)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT p.pattern INTO bad FROM unnest(patterns) p (pattern) WHERE p.pattern ~ '(^|\.)(target|w\d+_target)(_|\.|$)' LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'column "%" is a target: it is of bars after its row''s, and no feature', bad.pattern
            USING ERRCODE = 'invalid_parameter_value', HINT = 'target_w and target_h choose the matrix''s target.';
    END IF;
    WITH source AS MATERIALIZED (
        SELECT * FROM bqx.matrix_source
    ), pattern AS (
        SELECT p.no, p.pattern, CASE WHEN p.pattern LIKE '%.%' THEN p.pattern ELSE '*.' || p.pattern END AS whole
        FROM unnest(patterns) WITH ORDINALITY p (pattern, no)
    ), match AS MATERIALIZED (
        SELECT p.no, p.pattern, p.whole, s.*
        FROM pattern p
        LEFT JOIN source s ON s.source_name LIKE replace(replace(p.whole, '_', '\_'), '*', '%')
            -- Of all groups those count that can be meant.
            AND (p.whole NOT LIKE '*.%*%' OR (s.role = 'feature' AND s.enabled))
    ), wrong AS (
        SELECT m.no, 1 AS rank, m.pattern, CASE
                WHEN m.source_name IS NULL THEN format('column "%s" does not exist', m.pattern)
                WHEN m.role = 'target' THEN
                    format('column "%s" is of family %s, a target: it looks at bars after its row''s', m.source_name, m.family)
                WHEN NOT m.enabled THEN format('column "%s" is of family %s, which is not enabled', m.source_name, m.family)
            END AS message,
            CASE
                WHEN m.source_name IS NULL THEN 'SELECT source_name FROM bqx.matrix_source lists them.'
                WHEN m.role = 'target' THEN 'Features look at their bar and those before it.'
                ELSE format('SELECT bqx.enable_family(%L), then backfill it.', m.family)
            END AS hint
        FROM match m
    ), refused AS (
        SELECT w.message, w.hint FROM wrong w WHERE w.message IS NOT NULL ORDER BY w.no LIMIT 1
    )
    SELECT (SELECT r.message FROM refused r) AS message, (SELECT r.hint FROM refused r) AS hint,
        (SELECT array_agg(one.source_name ORDER BY one.no, one.family_no, one.source_group, one.place)
         FROM (
            SELECT DISTINCT ON (m.source_name) m.* FROM match m WHERE m.source_name IS NOT NULL ORDER BY m.source_name, m.no
         ) one) AS names
    INTO bad;
    IF bad.message IS NOT NULL THEN
        RAISE EXCEPTION '%', bad.message USING ERRCODE = 'invalid_parameter_value', HINT = bad.hint;
    END IF;
    named := coalesce(bad.names, '{}');
    RETURN named;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.matrix_sources TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.matrix_sources IS
    'The columns of bqx.matrix_source that patterns name, in the patterns'' order, each once. A pattern is'
    ' group.column, or a column alone, where * stands for any characters: bqx.*, reg.w60_*, mom.w14_mom_rsi,'
    ' derived.*, reg_yhat.*. Refused is what names nothing, and what looks at bars after its own.';
