SET LOCAL ROLE bqx_owner;

-- What the view has stays where it is, so that views over it go on: columns that come are its last.
CREATE OR REPLACE FUNCTION bqx.create_features_view() RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    families CONSTANT text[] := ARRAY(
        SELECT f.family FROM bqx.family f
        WHERE f.enabled AND f.scope = 'pair' AND f.role = 'feature' AND to_regclass(format('bqx.%I', f.family)) IS NOT NULL
        ORDER BY f.family_no);
    columns text[];
    items text;
    described record;
BEGIN
    IF EXISTS (
        SELECT FROM pg_attribute a
        WHERE a.attrelid = to_regclass('bqx.features') AND a.attnum > 3 AND NOT EXISTS (
            SELECT FROM bqx.feature_column c WHERE c.family = ANY (families) AND c.column_name = a.attname))
    THEN
        DROP VIEW bqx.features;
    END IF;
    IF cardinality(families) = 0 THEN
        RETURN;
    END IF;
    SELECT array_agg(c.column_name ORDER BY a.attnum NULLS LAST, f.no, c.element),
        string_agg(format('%I.%I', c.family, c.column_name), ', ' ORDER BY a.attnum NULLS LAST, f.no, c.element)
    INTO columns, items
    FROM bqx.feature_column c
    JOIN unnest(families) WITH ORDINALITY f (family, no) ON f.family = c.family
    -- A release's column that bqx.define_family has still to add comes with it.
    JOIN pg_attribute stored ON stored.attrelid = to_regclass(format('bqx.%I', c.family)) AND stored.attname = c.column_name
    LEFT JOIN pg_attribute a ON a.attrelid = to_regclass('bqx.features') AND a.attname = c.column_name;
    IF columns IS DISTINCT FROM ARRAY(
        SELECT a.attname::text FROM pg_attribute a
        WHERE a.attrelid = to_regclass('bqx.features') AND a.attnum > 3 ORDER BY a.attnum)
    THEN
        EXECUTE format('CREATE OR REPLACE VIEW bqx.features AS SELECT %1$I.pair, %1$I.ts_utc, %1$I.rate_index, %2$s FROM bqx.%1$I %3$s',
            families[1], items, (
                SELECT string_agg(format('JOIN bqx.%I USING (pair, ts_utc)', f.family), ' ' ORDER BY f.no)
                FROM unnest(families) WITH ORDINALITY f (family, no)
                WHERE f.no > 1));
    END IF;
    COMMENT ON VIEW bqx.features IS
        'the rows of every family of features that is enabled, beside each other; a bar that one of them lacks is not there';
    FOR described IN
        SELECT a.attname, col_description(t.attrelid, t.attnum) AS text
        FROM pg_attribute a
        LEFT JOIN bqx.feature_column c ON c.family = ANY (families) AND c.column_name = a.attname
        JOIN pg_attribute t ON t.attrelid = to_regclass(format('bqx.%I', coalesce(c.family, families[1]))) AND t.attname = a.attname
        WHERE a.attrelid = to_regclass('bqx.features') AND a.attnum > 0
    LOOP
        EXECUTE format('COMMENT ON COLUMN bqx.features.%I IS %L', described.attname, described.text);
    END LOOP;
END
$$;
COMMENT ON FUNCTION bqx.create_features_view IS
    'Makes bqx.features, the view that joins the families of features that are enabled, or changes it to what the'
    ' catalogue says.';
