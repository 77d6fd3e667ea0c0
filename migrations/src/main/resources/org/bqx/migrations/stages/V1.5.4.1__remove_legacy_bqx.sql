CREATE TABLE bqx.legacy_removal (
    table_name text PRIMARY KEY,
    action text NOT NULL CHECK (action IN ('keep', 'drop')),
    partitions int NOT NULL,
    bytes bigint NOT NULL,
    removed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE bqx.legacy_removal IS 'what stages 1.5.4.1 and 1.5.5.1 found of an older layout and took away';
ALTER TABLE bqx.legacy_removal OWNER TO bqx_owner;

-- Stage 1.5.5.1 calls it too, and drops it.
CREATE FUNCTION bqx.remove_legacy_tables(family text, action text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    legacy record;
    member regclass;
    foreign_tables text;
    legacy_tables text;
BEGIN
    IF action NOT IN ('refuse', 'keep', 'drop') THEN
        RAISE EXCEPTION 'placeholder legacy_tables is "%": must be refuse, keep or drop', action
            USING ERRCODE = 'invalid_parameter_value';
    END IF;

    CREATE TEMP TABLE found ON COMMIT DROP AS
    SELECT class.oid AS oid, class.relname AS name,
        EXISTS (
            SELECT FROM pg_attribute attribute
            WHERE attribute.attrelid = class.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
                AND (attribute.attname = 'rate' OR attribute.attname LIKE '%\_norm')
        ) AND class.relkind IN ('r', 'p') AS is_legacy
    FROM pg_class class JOIN bqx.pair ON class.relname = family || '_' || pair.pair
    WHERE class.relnamespace = 'bqx'::regnamespace;

    SELECT string_agg(format('bqx.%I', name), ', ' ORDER BY name) FILTER (WHERE NOT is_legacy),
        string_agg(format('bqx.%I', name), ', ' ORDER BY name) FILTER (WHERE is_legacy)
    INTO foreign_tables, legacy_tables
    FROM pg_temp.found;
    IF foreign_tables IS NOT NULL THEN
        RAISE EXCEPTION 'relations in the way that are not of the older % layout: %', family, foreign_tables
            USING ERRCODE = 'duplicate_table',
                DETAIL = 'A table of the older layout has a column "rate" or columns that end in "_norm".',
                HINT = 'Move them to another schema (ALTER TABLE ... SET SCHEMA) and migrate again.';
    END IF;
    IF legacy_tables IS NOT NULL AND action = 'refuse' THEN
        RAISE EXCEPTION 'tables of the older % layout found: %', family, legacy_tables
            USING ERRCODE = 'duplicate_table',
                HINT = 'Choose: -Dflyway.placeholders.legacy_tables=keep moves them to schema bqx_legacy, =drop removes them.';
    END IF;

    IF legacy_tables IS NOT NULL AND action = 'keep' THEN
        CREATE SCHEMA IF NOT EXISTS bqx_legacy;
    END IF;
    FOR legacy IN SELECT found.oid, found.name FROM pg_temp.found ORDER BY found.name LOOP
        CREATE TEMP TABLE members ON COMMIT DROP AS
        WITH RECURSIVE tree (oid, depth) AS (
            SELECT legacy.oid, 0
            UNION ALL
            SELECT pg_inherits.inhrelid, tree.depth + 1
            FROM tree JOIN pg_inherits ON pg_inherits.inhparent = tree.oid
        )
        SELECT tree.oid, tree.depth FROM tree;

        INSERT INTO bqx.legacy_removal (table_name, action, partitions, bytes)
        SELECT 'bqx.' || legacy.name, remove_legacy_tables.action, count(*) - 1,
            sum(pg_total_relation_size(members.oid))
        FROM pg_temp.members;

        IF action = 'keep' THEN
            FOR member IN SELECT members.oid FROM pg_temp.members ORDER BY depth LOOP
                EXECUTE format('ALTER TABLE %s SET SCHEMA bqx_legacy', member);
            END LOOP;
        ELSE
            EXECUTE format('DROP TABLE %s', legacy.oid::regclass);
        END IF;
        DROP TABLE pg_temp.members;
    END LOOP;
    DROP TABLE pg_temp.found;
END
$$;

SELECT bqx.remove_legacy_tables('bqx', '${legacy_tables}');
