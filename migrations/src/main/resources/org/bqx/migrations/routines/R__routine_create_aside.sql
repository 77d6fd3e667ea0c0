SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.create_aside(kind text, pair text, name text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    whole CONSTANT regclass := format('bqx.%I', kind)::regclass;
    pair_table CONSTANT regclass := format('bqx.%I', kind || '_' || pair)::regclass;
    tablespace CONSTANT text := (
        SELECT t.spcname FROM pg_class c JOIN pg_tablespace t ON t.oid = c.reltablespace
        WHERE c.oid IN (whole, pair_table) ORDER BY c.oid = pair_table DESC LIMIT 1);
    added record;
BEGIN
    -- Like the table of all pairs, not the pair's: a lock on that one, kept until commit, would deadlock two sessions
    -- that each replace a month of the pair.
    EXECUTE format('CREATE TABLE bqx.%I (LIKE %s INCLUDING CONSTRAINTS INCLUDING DEFAULTS INCLUDING GENERATED'
        ' INCLUDING STORAGE INCLUDING COMPRESSION)', name, whole)
        || coalesce(' TABLESPACE ' || quote_ident(tablespace), '');
    FOR added IN
        SELECT c.conname, regexp_replace(pg_get_constraintdef(c.oid), ' NOT VALID$', '') AS definition
        FROM pg_constraint c
        WHERE c.conrelid = pair_table AND c.contype = 'c' AND c.conislocal
            AND NOT EXISTS (
                SELECT FROM pg_constraint w WHERE w.conrelid = whole AND w.contype = 'c' AND w.conname = c.conname)
    LOOP
        EXECUTE format('ALTER TABLE bqx.%I ADD CONSTRAINT %I %s', name, added.conname, added.definition);
    END LOOP;
END
$$;
COMMENT ON FUNCTION bqx.create_aside IS
    'Makes a table of a month, to be attached to a pair''s table of bars (m1) or of a family. It has what somebody has'
    ' given that table or the one of all pairs: columns with their defaults, CHECK constraints, a tablespace.';
