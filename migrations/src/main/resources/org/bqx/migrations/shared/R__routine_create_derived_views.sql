SET LOCAL ROLE bqx_owner;

-- Over a family of the market a view has a row for each bar b of each pair, own, whose minute has a row p.
CREATE OR REPLACE FUNCTION bqx.create_derived_views(family text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    scope CONSTANT text := (SELECT f.scope FROM bqx.family f WHERE f.family = create_derived_views.family);
    derived record;
    described record;
BEGIN
    FOR derived IN
        SELECT d.view_name,
            array_agg(d.column_name ORDER BY d.window_length, d.metric_no) AS columns,
            string_agg(format('%s AS %I', d.expression, d.column_name), ', ' ORDER BY d.window_length, d.metric_no) AS items
        FROM bqx.derived_column d
        WHERE d.family = create_derived_views.family
        GROUP BY d.view_name
    LOOP
        -- A view's columns cannot change their places, but what they are can.
        IF ARRAY(SELECT attname::text FROM pg_attribute
                WHERE attrelid = to_regclass(format('bqx.%I', derived.view_name)) AND attnum > 3 ORDER BY attnum)
            <> derived.columns
        THEN
            EXECUTE format('DROP VIEW IF EXISTS bqx.%I', derived.view_name);
        END IF;
        EXECUTE format(
            CASE scope
                WHEN 'pair' THEN 'CREATE OR REPLACE VIEW bqx.%I AS SELECT pair, ts_utc, rate_index, %s FROM bqx.%I'
                ELSE 'CREATE OR REPLACE VIEW bqx.%I AS SELECT b.pair, b.time AS ts_utc, b.rate_index, %s'
                    ' FROM bqx.m1 b JOIN bqx.pair own ON own.pair = b.pair JOIN bqx.%I p ON p.ts_utc = b.time'
            END, derived.view_name, derived.items, family);
        EXECUTE format('COMMENT ON VIEW bqx.%I IS %L', derived.view_name,
            format('what follows from the columns of bqx.%s; nothing of it is stored', family));
        FOR described IN
            SELECT d.column_name, d.description || ' (' || d.unit || ')' AS text
            FROM bqx.derived_column d
            WHERE d.family = create_derived_views.family AND d.view_name = derived.view_name
        LOOP
            EXECUTE format('COMMENT ON COLUMN bqx.%I.%I IS %L', derived.view_name, described.column_name, described.text);
        END LOOP;
    END LOOP;
END
$$;
COMMENT ON FUNCTION bqx.create_derived_views IS
    'Makes the views over a family''s table that bqx.derived_column describes, each with its metrics for every'
    ' window of the family.';
