-- Shadows, in schema public, every function, aggregate, operator, type and relation of pg_catalog that a user
-- can shadow, and every relation of schema bqx. Whatever reaches one of them counts in public.sprung, which no
-- rollback undoes, and fails.

CREATE SEQUENCE public.sprung;
GRANT ALL ON SEQUENCE public.sprung TO PUBLIC;

CREATE FUNCTION public.spring(what pg_catalog.text) RETURNS pg_catalog.bool
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM nextval('public.sprung');
    RAISE EXCEPTION 'trap % sprung, by %', what, current_user USING ERRCODE = 'TRAP1';
END
$$;

DO $$
DECLARE
    shadowed record;
    arguments text;
BEGIN
    SET LOCAL search_path = pg_catalog, pg_temp;
    SET LOCAL check_function_bodies = off;
    FOR shadowed IN
        SELECT proname AS name, oidvectortypes(proargtypes) AS arguments, prorettype::regtype AS result, proretset AS is_set
        FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind IN ('f', 'w') AND NOT proargtypes::oid[] && ARRAY(
            SELECT oid FROM pg_type WHERE typtype = 'p' AND typname NOT LIKE 'any%' AND typname <> 'record')
        UNION ALL
        -- "any" is for C alone; these are what calls of such functions could mean instead.
        SELECT 'format', 'text, text', 'text', false
        UNION ALL SELECT 'format', 'text, VARIADIC anyarray', 'text', false
        UNION ALL SELECT 'concat_ws', 'text, VARIADIC text[]', 'text', false
        UNION ALL SELECT 'concat', 'VARIADIC text[]', 'text', false
        UNION ALL SELECT 'num_nulls', 'VARIADIC anyarray', 'int4', false
        UNION ALL SELECT 'num_nonnulls', 'VARIADIC anyarray', 'int4', false
    LOOP
        BEGIN
            EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS %s %s LANGUAGE plpgsql AS %L',
                shadowed.name, shadowed.arguments, CASE WHEN shadowed.is_set THEN 'SETOF' END, shadowed.result,
                format('BEGIN PERFORM public.spring(%L); END', shadowed.name));
        EXCEPTION
            WHEN invalid_function_definition OR feature_not_supported OR datatype_mismatch OR undefined_object
                OR syntax_error OR duplicate_function THEN
        END;
    END LOOP;

    FOR shadowed IN
        SELECT proname AS name, oidvectortypes(proargtypes) AS arguments
        FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'a'
            AND NOT proargtypes::oid[] && ARRAY['"any"'::regtype::oid, 'internal'::regtype::oid]
    LOOP
        BEGIN
            arguments := concat_ws(', ', 'state text', nullif(shadowed.arguments, ''));
            EXECUTE format('CREATE FUNCTION public.next_state(%s) RETURNS text LANGUAGE plpgsql AS %L',
                arguments, format('BEGIN PERFORM public.spring(%L); END', 'an aggregate'));
        EXCEPTION
            WHEN duplicate_function THEN
        END;
        BEGIN
            EXECUTE format('CREATE AGGREGATE public.%I(%s) (SFUNC = public.next_state, STYPE = text)',
                shadowed.name, coalesce(nullif(shadowed.arguments, ''), '*'));
        EXCEPTION
            WHEN invalid_function_definition OR datatype_mismatch OR undefined_function OR duplicate_function THEN
        END;
    END LOOP;

    FOR shadowed IN
        SELECT oprname AS name, nullif(oprleft, 0)::regtype AS of_left, oprright::regtype AS of_right, oprresult::regtype AS result,
            concat_ws(', ', nullif(oprleft, 0)::regtype, oprright::regtype) AS arguments, oid
        FROM pg_operator
        WHERE oprnamespace = 'pg_catalog'::regnamespace
    LOOP
        BEGIN
            EXECUTE format('CREATE FUNCTION public.operator_%s(%s) RETURNS %s LANGUAGE plpgsql AS %L',
                shadowed.oid, shadowed.arguments, shadowed.result,
                format('BEGIN PERFORM public.spring(%L); END', 'operator ' || shadowed.name));
            EXECUTE format('CREATE OPERATOR public.%s (%s RIGHTARG = %s, FUNCTION = public.operator_%s)',
                shadowed.name, 'LEFTARG = ' || shadowed.of_left || ',', shadowed.of_right, shadowed.oid);
        EXCEPTION
            WHEN invalid_function_definition OR feature_not_supported THEN
        END;
    END LOOP;

    FOR shadowed IN
        SELECT typname AS name FROM pg_type
        WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype = 'b' AND typelem = 0
    LOOP
        EXECUTE format('CREATE DOMAIN public.%I AS pg_catalog.%1$I CHECK (public.spring(%L))',
            shadowed.name, 'type ' || shadowed.name);
    END LOOP;

    CREATE TYPE public.record AS (sprung int);

    FOR shadowed IN
        SELECT DISTINCT relname AS name FROM pg_class
        WHERE relnamespace IN ('pg_catalog'::regnamespace, to_regnamespace('bqx')) AND relkind IN ('r', 'p', 'v')
    LOOP
        EXECUTE format('CREATE VIEW public.%I AS SELECT public.spring(%L) AS sprung',
            shadowed.name, 'relation ' || shadowed.name);
    END LOOP;
END
$$;
