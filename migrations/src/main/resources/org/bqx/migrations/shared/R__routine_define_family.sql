SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: what it makes is bqx_owner's whoever calls it, a front among them.
CREATE OR REPLACE FUNCTION bqx.define_family(family text, windows int[] DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    definition bqx.feature_definition;
    wanted_windows int[];
    missing text;
    surplus text;
    pair text;
    described record;
BEGIN
    SELECT d.* INTO definition FROM bqx.feature_definition d WHERE d.family = lower(define_family.family);
    IF definition IS NULL THEN
        RAISE EXCEPTION 'unknown family "%"', family
            USING ERRCODE = 'QX002', HINT = format('Families are %s.', (
                SELECT string_agg(d.family, ', ' ORDER BY d.family_no) FROM bqx.feature_definition d));
    END IF;
    family := definition.family;
    wanted_windows := coalesce(
        windows, (SELECT f.windows FROM bqx.feature f WHERE f.family = define_family.family), definition.default_windows);
    IF wanted_windows[1] < definition.least_window
        OR wanted_windows <> ARRAY(SELECT DISTINCT w FROM unnest(wanted_windows) w WHERE w IS NOT NULL ORDER BY w)
        OR (cardinality(wanted_windows) = 0) <> (definition.least_window IS NULL)
    THEN
        RAISE EXCEPTION 'windows of % are %: must be %', family, wanted_windows, coalesce(
            'ascending, from ' || definition.least_window || ' bars on', 'none')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF windows IS NOT NULL AND to_regclass('bqx.node') IS NOT NULL THEN
        PERFORM bqx.call_nodes('define_family', jsonb_build_object('family', family, 'windows', windows));
    END IF;
    UPDATE bqx.feature f SET windows = wanted_windows
    WHERE f.family = define_family.family AND f.windows <> wanted_windows;
    INSERT INTO bqx.feature (family, family_no, windows)
    SELECT family, definition.family_no, wanted_windows
    WHERE NOT EXISTS (SELECT FROM bqx.feature f WHERE f.family = define_family.family);
    IF FOUND THEN
        -- Autovacuum never looks at so small a table, and without statistics it is planned as a large one.
        ANALYZE bqx.feature;
    END IF;

    IF to_regclass(format('bqx.%I', family)) IS NULL THEN
        EXECUTE format('CREATE TABLE bqx.%I (pair text NOT NULL, ts_utc timestamptz NOT NULL,'
            ' rate_index double precision NOT NULL) PARTITION BY LIST (pair)', family);
        FOR pair IN
            SELECT p.pair FROM bqx.pair p WHERE definition.scope = 'pair'
            UNION ALL
            SELECT 'market' WHERE definition.scope = 'market'
            ORDER BY 1
        LOOP
            PERFORM bqx.create_pair_table(family, pair);
        END LOOP;
    END IF;

    SELECT string_agg(format('ADD COLUMN %I double precision', c.column_name), ', ' ORDER BY c.element)
            FILTER (WHERE a.attname IS NULL),
        string_agg(format('DROP COLUMN %I', a.attname), ', ') FILTER (WHERE c.column_name IS NULL)
    INTO missing, surplus
    FROM (SELECT * FROM bqx.feature_column c WHERE c.family = define_family.family) c
    FULL JOIN (
        SELECT a.attname FROM pg_attribute a
        WHERE a.attrelid = to_regclass(format('bqx.%I', define_family.family)) AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attname NOT IN ('pair', 'ts_utc', 'rate_index')
    ) a ON a.attname = c.column_name;
    IF surplus IS NOT NULL THEN
        PERFORM bqx.drop_derived_views(family);
    END IF;
    IF coalesce(missing, surplus) IS NOT NULL THEN
        EXECUTE format('ALTER TABLE bqx.%I %s', family, concat_ws(', ', surplus, missing));
    END IF;
    PERFORM bqx.create_derived_views(family);

    EXECUTE format('COMMENT ON TABLE bqx.%I IS %L', family, definition.description);
    FOR described IN
        SELECT define_family.family AS relation, c.column_name, concat_ws('; ', c.description || ' (' || c.unit || ')',
            CASE
                WHEN c.needs = 1 THEN 'NULL in the first row of the history'
                WHEN c.needs > 1 THEN format('NULL in the first %s rows of the history', c.needs)
            END,
            'NULL when ' || c.undefined_when) AS text
        FROM bqx.feature_column c
        WHERE c.family = define_family.family
        UNION ALL
        SELECT r.name, k.column_name, k.text
        FROM (
            SELECT define_family.family AS name, definition.scope AS scope
            UNION
            SELECT d.view_name, 'pair' FROM bqx.derived_column d WHERE d.family = define_family.family
        ) r
        CROSS JOIN LATERAL (VALUES
            ('pair', CASE r.scope WHEN 'pair' THEN 'the pair' ELSE 'market, for all pairs together' END),
            ('ts_utc', 'open time of the bar; the row is known a minute later'),
            ('rate_index', CASE r.scope WHEN 'pair' THEN 'that of the bar: close / baseline_rate * 100' ELSE '100' END)
        ) k (column_name, text)
    LOOP
        EXECUTE format('COMMENT ON COLUMN bqx.%I.%I IS %L', described.relation, described.column_name, described.text);
    END LOOP;
    PERFORM bqx.create_features_view();
    PERFORM bqx.note_functions_version(family);
END
$$;
COMMENT ON FUNCTION bqx.define_family IS
    'Makes a family''s tables, or changes them to what the catalogue says: windows that are given, and columns that'
    ' a release added. Partitions that were computed with other windows become stale, and the next backfill computes'
    ' them. Columns that the family has no more are dropped, in all partitions. Every migration calls it for the'
    ' families that have tables. It changes nothing that is as it should be.';
