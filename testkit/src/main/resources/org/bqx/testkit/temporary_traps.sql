-- The same in pg_temp, for what is looked up there: relations and types.
DO $$
DECLARE
    shadowed record;
BEGIN
    SET LOCAL search_path = pg_catalog, pg_temp;
    FOR shadowed IN
        SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
        UNION
        -- Names that statements give to what they read: transition tables, WITH.
        SELECT unnest(ARRAY['added', 'removed', 'changes', 'bars', 'source', 'feature', 'baseline', 'running'])
    LOOP
        EXECUTE format('CREATE TEMP VIEW %I AS SELECT public.spring(%L) AS sprung',
            shadowed.name, 'temporary relation ' || shadowed.name);
    END LOOP;
    FOR shadowed IN
        SELECT typname AS name FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'd'
    LOOP
        EXECUTE format('CREATE DOMAIN pg_temp.%I AS pg_catalog.%1$I CHECK (public.spring(%L))',
            shadowed.name, 'temporary type ' || shadowed.name);
    END LOOP;
    CREATE TYPE pg_temp.record AS (sprung int);
END
$$;
