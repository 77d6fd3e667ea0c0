-- INSERTs of what Java computed into a table of the same transaction: many rows at a time, and nobody can tell
\set VERBOSITY terse
CREATE FUNCTION numbers(int, int) RETURNS SETOF float8[] LANGUAGE java AS 'double[]=example.Rows.table(int,int)';
CREATE FUNCTION series(float8[], int[], int) RETURNS SETOF float8[] LANGUAGE java
    AS 'double[]=example.Rows.sums(double[],int[],java.lang.Integer)';
CREATE FUNCTION breaking(int) RETURNS SETOF float8[] LANGUAGE java AS 'double[]=example.Rows.failingArrays(int)';

-- Runs an INSERT into t twice, a new table of that definition each time: as it comes, and one by one. Says how the
-- first was done, what it counted or failed with, and whether the second did the same to the same bytes but for
-- who wrote them.
CREATE PROCEDURE compare_bulk(definitions text, statement text) LANGUAGE plpgsql AS $$
DECLARE
    many text;
    plan jsonb;
    counted bigint;
    added bigint;
    outcome text;
    outcomes text[] := '{}';
    way text;
BEGIN
    FOREACH many IN ARRAY '{on,off}'::text[] LOOP
        PERFORM set_config('sqljrt.enable_bulk_insert', many, true);
        plan := NULL;
        BEGIN
            EXECUTE definitions;
            EXECUTE statement;
            GET DIAGNOSTICS counted = ROW_COUNT;
            SELECT sum(s.n_tup_ins) INTO added
            FROM pg_stat_xact_user_tables s WHERE s.relname IN ('t', 'part');
            SELECT concat(counted, ' rows, ', added, ' counted', E'\n' || md5(string_agg(concat_ws(' ', ctid, xmax, t), E'\n')))
            INTO outcome FROM t;
            TRUNCATE t;
            EXECUTE 'EXPLAIN (ANALYZE, FORMAT json) ' || statement INTO plan;
            RAISE 'undo' USING ERRCODE = 'QQ000';
        EXCEPTION
            WHEN SQLSTATE 'QQ000' THEN NULL;
            WHEN OTHERS THEN outcome := SQLSTATE || ': ' || SQLERRM;
        END;
        outcomes := outcomes || outcome;
        IF many = 'on' THEN
            way := jsonb_path_query_first(plan, '$.**."Bulk Insert"')::text;
        ELSIF jsonb_path_query_first(plan, '$.**."Bulk Insert"') = 'true' THEN
            RAISE 'many at a time in spite of the setting';
        END IF;
    END LOOP;
    RESET sqljrt.enable_bulk_insert;
    RAISE NOTICE '%: %', CASE WHEN plan IS NULL THEN 'not done' WHEN way = 'true' THEN 'many at a time' ELSE 'one by one' END,
        CASE WHEN outcomes[1] = outcomes[2] THEN split_part(outcomes[1], E'\n', 1) ELSE 'OTHERWISE ' || outcomes::text END;
END
$$;
\set three '$$CREATE TABLE t (label text, one float8, two float8)$$'
\set insert '$$INSERT INTO t SELECT ''x'', a[1], a[2] FROM (SELECT numbers(600, 2) AS a) s$$'

CALL compare_bulk(:three, :insert);
CALL compare_bulk(:three, $$INSERT INTO t SELECT 'x', a[1], a[2] FROM (SELECT numbers(0, 2) AS a) s$$);
CALL compare_bulk(:three, $$INSERT INTO t SELECT 'x', a[1], NULLIF(a[2], 'NaN')
    FROM (SELECT series(array_fill(1::float8, '{100}') || 'NaN'::float8 || array_fill(2::float8, '{100}'), '{1,2,50}', 0) AS a) s$$);
CALL compare_bulk('CREATE TABLE t (label text, one float8, two float8) WITH (fillfactor = 30)', :insert);
CALL compare_bulk('CREATE TEMP TABLE t (label text, one float8, two float8)', :insert);
CALL compare_bulk('CREATE UNLOGGED TABLE t (label text, one float8, two float8)', :insert);
CALL compare_bulk('CREATE TABLE t (gone int, label text, one float8, two float8); ALTER TABLE t DROP gone', :insert);
-- a table that has rows
CALL compare_bulk('CREATE TABLE t (label text, one float8, two float8); INSERT INTO t VALUES (1), (NULL)', :insert);

-- constraints of columns
CALL compare_bulk('CREATE TABLE t (label text NOT NULL, one float8 NOT NULL, two float8 CHECK (two < 2000) NOT NULL)', :insert);
CALL compare_bulk('CREATE TABLE t (label text NOT NULL, one float8 NOT NULL, two float8 CHECK (two < 1000) NOT NULL)', :insert);
CALL compare_bulk($$CREATE TABLE t (label text, one float8, two float8, CHECK (tableoid = 't'::regclass AND two = 2 * one))$$, :insert);
CALL compare_bulk('CREATE TABLE t (label text, one float8, two float8, three float8 NOT NULL)', :insert);
CALL compare_bulk('CREATE TABLE t (one float8 NOT NULL, two float8 NOT NULL)',
    $$INSERT INTO t SELECT a[1], NULLIF(a[2], 'NaN') FROM (SELECT series('{1,2,NaN,4}', '{1,1}', 0) AS a) s$$);
CALL compare_bulk('CREATE TABLE t (one float8 NOT NULL, two float8 NOT NULL)',
    $$INSERT INTO t SELECT a[1], a[2] FROM (SELECT series('{1,2,NaN,4}', '{1,2}', 1) AS a) s$$);
CALL compare_bulk('CREATE TABLE t (one float8 NOT NULL, two float8 NOT NULL)',
    $$INSERT INTO t SELECT a[1], a[2] FROM (SELECT series('{1,2,NaN,4}', '{1,2}', 0) AS a) s$$);
CALL compare_bulk('CREATE TABLE t (one float8 CHECK (one <> 3))', 'INSERT INTO t SELECT a[1] FROM (SELECT numbers(5, 1) AS a) s');

-- a constraint that sees the rows before, and one that writes some
CREATE FUNCTION rows_before() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM t); END';
CALL compare_bulk('CREATE TABLE t (one float8, n bigint, CHECK (rows_before() < 3))',
    'INSERT INTO t SELECT a[1], 7 FROM (SELECT numbers(5, 1) AS a) s');
CREATE FUNCTION row_beside(float8) RETURNS boolean LANGUAGE plpgsql AS
    'BEGIN IF $1 IS NOT NULL THEN INSERT INTO t (two) VALUES ($1); END IF; RETURN true; END';
CALL compare_bulk('CREATE TABLE t (one float8 CHECK (row_beside(one)), two float8)',
    'INSERT INTO t SELECT a[1] FROM (SELECT numbers(300, 1) AS a) s');
ALTER FUNCTION rows_before STABLE;
CALL compare_bulk('CREATE TABLE t (one float8, n bigint, CHECK (rows_before() < 3))',
    'INSERT INTO t SELECT a[1], 7 FROM (SELECT numbers(5, 1) AS a) s');

-- rows that want a TOAST table, from the first on and from the second, and one that no page can hold
CALL compare_bulk(:three, $$INSERT INTO t SELECT repeat('long ', 1000), a[1], a[2] FROM (SELECT numbers(100, 2) AS a) s$$);
CALL compare_bulk('CREATE TABLE t (label text, one float8, two float8); ALTER TABLE t ALTER label SET STORAGE external',
    $$INSERT INTO t SELECT repeat('long ', 1000), a[1], a[2] FROM (SELECT numbers(100, 2) AS a) s$$);
SELECT format('CREATE TABLE t (label text, %s)', string_agg(format('c%s float8', i), ', ')) AS wide,
    format('INSERT INTO t SELECT ''x'', %s FROM (SELECT series(array_fill(1, ''{20}''), array_fill(1, ''{10}'')'
        ' || array_fill(5, ''{290}''), 0) AS a) s', string_agg(format('a[%s]', i), ', ')) AS insert_wide
FROM generate_series(1, 300) i \gset
CALL compare_bulk(:'wide', :'insert_wide');
SELECT format('CREATE TABLE t (label text, %s)', string_agg(format('c%s float8', i), ', ')) AS wide,
    format('INSERT INTO t SELECT ''x'', %s FROM (SELECT numbers(2, 1030) AS a) s', string_agg(format('a[%s]', i), ', ')) AS insert_wide
FROM generate_series(1, 1030) i \gset
CALL compare_bulk(:'wide', :'insert_wide');

-- tables where something looks at a row
CALL compare_bulk('CREATE TABLE t (label text, one float8 PRIMARY KEY, two float8)', :insert);
CALL compare_bulk('CREATE TABLE t (label text, one float8, two float8, four float8 GENERATED ALWAYS AS (2 * two) STORED)', :insert);
CALL compare_bulk('CREATE TABLE t (label text, one float8, two float8, no int GENERATED ALWAYS AS IDENTITY)', :insert);
CALL compare_bulk('CREATE TABLE t (label text, one float8, two float8, at timestamptz DEFAULT now())', :insert);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.two := NEW.two + 1; RETURN NEW; END';
CALL compare_bulk($$CREATE TABLE t (label text, one float8, two float8);
    CREATE TRIGGER note BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION note()$$, :insert);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no'; END$$;
CALL compare_bulk($$CREATE TABLE t (label text, one float8, two float8);
    CREATE TRIGGER refuse AFTER INSERT ON t FOR EACH STATEMENT EXECUTE FUNCTION refuse()$$, :insert);
CALL compare_bulk($$CREATE TABLE t (label text, one float8, two float8);
    CREATE TABLE u (label text); CREATE RULE also AS ON INSERT TO t DO ALSO INSERT INTO u VALUES (NEW.one)$$, :insert);
CALL compare_bulk($$CREATE TABLE whole (label text, one float8, two float8) PARTITION BY RANGE (one);
    CREATE TABLE t PARTITION OF whole FOR VALUES FROM (0) TO (1000)$$, :insert);
CALL compare_bulk($$CREATE TABLE whole (label text, one float8, two float8) PARTITION BY RANGE (one);
    CREATE TABLE t PARTITION OF whole FOR VALUES FROM (0) TO (500)$$, :insert);
CALL compare_bulk($$CREATE TABLE t (label text, one float8, two float8) PARTITION BY RANGE (one);
    CREATE TABLE part PARTITION OF t FOR VALUES FROM (0) TO (1000)$$, :insert);
CALL compare_bulk($$CREATE TABLE base (label text); CREATE TABLE t (one float8, two float8) INHERITS (base)$$, :insert);

-- plans where something does
CALL compare_bulk(:three, $$INSERT INTO t SELECT 'x', a[1], (SELECT count(*) FROM t) FROM (SELECT numbers(3, 2) AS a) s$$);
CREATE FUNCTION rows_of_t() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM t); END';
CALL compare_bulk('CREATE TABLE t (n bigint, one float8)',
    'INSERT INTO t SELECT n, a[1] FROM (SELECT rows_of_t() AS n, numbers(3, 2) AS a) s');
CALL compare_bulk('CREATE TABLE t (n bigint, one float8)',
    'INSERT INTO t SELECT n, a[1] FROM (SELECT rows_of_t() AS n, numbers(3, 2) AS a WHERE rows_of_t() = 0) s');
CALL compare_bulk('CREATE TABLE t (n bigint, one float8)',
    'INSERT INTO t SELECT n, a[1] FROM (SELECT generate_series(1, rows_of_t() + 3) AS n, numbers(3, 2) AS a) s');
ALTER FUNCTION rows_of_t STABLE;
CALL compare_bulk('CREATE TABLE t (n bigint, one float8)',
    'INSERT INTO t SELECT n, a[1] FROM (SELECT rows_of_t() AS n, numbers(3, 2) AS a) s');
CALL compare_bulk(:three, $$WITH u AS (INSERT INTO t SELECT 'x', a[1], a[2] FROM (SELECT numbers(3, 2) AS a) s RETURNING one)
    INSERT INTO t (one) SELECT one FROM u$$);
CALL compare_bulk(:three, $$INSERT INTO t SELECT 'x', a[1], a[2] FROM (SELECT numbers(3, 2) AS a) s ON CONFLICT DO NOTHING$$);
BEGIN;
CREATE TABLE new (one float8, two float8);
INSERT INTO new SELECT a[1], a[2] FROM (SELECT numbers(2, 2) AS a) s RETURNING ctid, *;
ROLLBACK;

-- the same plan while the table is new and when it is not any more
CREATE FUNCTION way(statement text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, FORMAT json) ' || statement INTO plan;
    RETURN jsonb_path_query_first(plan, '$.**."Bulk Insert"');
END
$$;
SET plan_cache_mode = force_generic_plan;
BEGIN;
CREATE TABLE planned (one float8, two float8);
PREPARE again(int) AS INSERT INTO planned SELECT a[1], a[2] FROM (SELECT numbers($1, 2) AS a) s;
SELECT way('EXECUTE again(2)');
COMMIT;
SELECT way('EXECUTE again(1)');
SELECT ctid, * FROM planned;
BEGIN;
TRUNCATE planned;
SELECT way('EXECUTE again(2)');
ROLLBACK;
RESET plan_cache_mode;
SELECT ctid, * FROM planned;

-- savepoints: of the table, of its rows
BEGIN;
CREATE TABLE kept (one float8, two float8);
SAVEPOINT empty;
SELECT way('INSERT INTO kept SELECT a[1], a[2] FROM (SELECT numbers(500, 2) AS a) s');
SELECT count(*), max(ctid) FROM kept;
ROLLBACK TO empty;
SELECT count(*) FROM kept;
SELECT way('INSERT INTO kept SELECT a[1], a[2] FROM (SELECT numbers(3, 2) AS a) s');
SAVEPOINT made;
CREATE TABLE undone (one float8);
SELECT way('INSERT INTO undone SELECT a[1] FROM (SELECT numbers(500, 2) AS a) s');
ROLLBACK TO made;
SELECT way('INSERT INTO kept SELECT a[1], a[2] FROM (SELECT numbers(2, 2) AS a) s');
DELETE FROM kept WHERE one = 2;
UPDATE kept SET two = 7 WHERE one = 3;
COMMIT;
SELECT one, two FROM kept ORDER BY one;
-- a cursor that was opened before sees none of them, one after sees them
BEGIN;
CREATE TABLE read (one float8);
DECLARE before CURSOR FOR SELECT * FROM read;
SELECT way('INSERT INTO read SELECT a[1] FROM (SELECT numbers(2, 2) AS a) s');
DECLARE after CURSOR FOR SELECT * FROM read;
FETCH ALL FROM before;
FETCH ALL FROM after;
CLOSE ALL;
ALTER TABLE read ADD PRIMARY KEY (one), ALTER one TYPE int;
SELECT * FROM read WHERE one = 2;
COMMIT;
SELECT * FROM read;
-- failures in the middle
BEGIN;
CREATE TABLE half (one float8);
SAVEPOINT empty;
INSERT INTO half SELECT a[1] FROM (SELECT breaking(2000) AS a) s;
ROLLBACK TO empty;
SELECT count(*) FROM half;
INSERT INTO half SELECT a[1] FROM (SELECT numbers(2, 1) AS a) s;
COMMIT;
SELECT * FROM half;
