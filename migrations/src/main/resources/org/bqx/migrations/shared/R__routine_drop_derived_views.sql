SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.drop_derived_views(family text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT DISTINCT d.view_name FROM bqx.derived_column d WHERE d.family = drop_derived_views.family LOOP
        EXECUTE format('DROP VIEW IF EXISTS bqx.%I', name);
    END LOOP;
    DROP VIEW IF EXISTS bqx.features;
END
$$;
COMMENT ON FUNCTION bqx.drop_derived_views IS
    'Drops the views that bqx.create_derived_views makes, and bqx.features, before a column that they read goes.';
