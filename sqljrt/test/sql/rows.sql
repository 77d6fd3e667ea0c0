-- INSERTs of what Java computed: by a Custom Scan, with the rows that an evaluation of each expression gives
\set VERBOSITY terse
CREATE FUNCTION growing(float8[], int[], int) RETURNS SETOF float8[] LANGUAGE java
    AS 'double[]=example.Rows.sums(double[],int[],java.lang.Integer)';
CREATE FUNCTION with_nulls() RETURNS SETOF float8[] LANGUAGE java AS 'double[]=example.Rows.nullElements()';
CREATE FUNCTION wide(int, int) RETURNS SETOF float8[] LANGUAGE java AS 'double[]=example.Rows.table(int,int)';

CREATE PROCEDURE compare(target regclass, statement text, show_rows boolean DEFAULT true) LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
    direct text;
    evaluated text;
    added bigint;
    many text;
    fresh text[] := '{}';
    fresh_plan jsonb;
    way text;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) ' || statement INTO plan;
    way := coalesce(plan #>> '{0,Plan,Plans,0,Custom Plan Provider}', plan #>> '{0,Plan,Plans,0,Node Type}');
    EXECUTE statement;
    EXECUTE format('SELECT string_agg(t::text, E''\n'') FROM %s t', target) INTO direct;
    EXECUTE format('DELETE FROM %s', target);
    SET LOCAL sqljrt.enable_java_rows = off;
    EXECUTE statement;
    RESET sqljrt.enable_java_rows;
    EXECUTE format('SELECT string_agg(t::text, E''\n'') FROM %s t', target) INTO evaluated;
    EXECUTE format('DELETE FROM %s', target);
    -- into a new table, twice, many at a time and one by one: the same rows at the same places
    FOREACH many IN ARRAY '{on,off}'::text[] LOOP
        PERFORM set_config('sqljrt.enable_bulk_insert', many, true);
        EXECUTE format('CREATE TABLE fresh (LIKE %s)', target);
        EXECUTE replace(statement, 'INTO ' || target, 'INTO fresh');
        GET DIAGNOSTICS added = ROW_COUNT;
        EXECUTE 'EXPLAIN (ANALYZE, FORMAT json) ' || replace(statement, 'INTO ' || target, 'INTO fresh') INTO fresh_plan;
        IF fresh_plan #> '{0,Plan,Plans,0,Bulk Insert}' = 'true' THEN
            way := concat_ws(' ', way, 'in bulk');
        END IF;
        fresh := fresh || (SELECT concat(added, string_agg(ctid || t::text, E'\n')) FROM fresh t);
        DROP TABLE fresh;
    END LOOP;
    IF fresh[1] IS DISTINCT FROM fresh[2] THEN
        RAISE 'many at a time: %, one by one: %', fresh[1], fresh[2];
    END IF;
    RESET sqljrt.enable_bulk_insert;
    RAISE NOTICE E'%, %\n%', way,
        CASE WHEN direct IS NOT DISTINCT FROM evaluated THEN 'same rows' ELSE 'OTHER ROWS: ' || evaluated END,
        CASE WHEN show_rows THEN direct ELSE regexp_count(direct, E'\n') + 1 || ' rows' END;
END
$$;

CREATE TABLE target (label text, key timestamptz, one float8, two float8, three float8);
EXPLAIN (VERBOSE, COSTS OFF) INSERT INTO target (label, one, two)
SELECT 'x', a[1], a[2] FROM (SELECT wide(2, 2) AS a) s;

-- arrays that grow, which make other columns null
CALL compare('target', $$
    INSERT INTO target SELECT 'a label', key, a[1], a[2], a[3]
    FROM (SELECT generate_series('2024-07-01Z'::timestamptz, '2024-07-01 00:05Z', '1 min') AS key,
        growing('{1,2,4,8,16,32}', '{1,3,5}', 0) AS a) s$$);
-- elements in another order, twice, and past the end
CALL compare('target', $$
    INSERT INTO target (three, two, one) SELECT a[1], a[3], a[1] FROM (SELECT wide(3, 3) AS a) s$$);
CALL compare('target', $$
    INSERT INTO target (one, two, three) SELECT a[2], a[3], a[9] FROM (SELECT wide(3, 3) AS a) s$$);
-- null arrays, empty arrays, sets of unequal length
CALL compare('target', $$
    INSERT INTO target (label, one, two) SELECT NULL, a[1], a[2] FROM (SELECT with_nulls() AS a) s$$);
CALL compare('target', $$
    INSERT INTO target (label, one) SELECT 'x', a[1] FROM (SELECT wide(2, 0) AS a) s$$);
CALL compare('target', $$
    INSERT INTO target (key, one) SELECT key, a[1] FROM (SELECT wide(2, 1) AS a,
        generate_series('2024-07-01Z'::timestamptz, '2024-07-01 00:03Z', '1 min') AS key) s$$);
CALL compare('target', $$
    INSERT INTO target (one) SELECT a[1] FROM (SELECT wide(0, 1) AS a) s$$);
-- an array that does not fit what crosses at once
CALL compare('target', $$
    INSERT INTO target (one, two) SELECT a[1], a[10000] FROM (SELECT wide(2, 10000) AS a) s$$);
-- NaN as null: in the middle, side by side, back and forth, every column, and beside columns where it stays
CREATE FUNCTION bits(bigint[], int) RETURNS SETOF float8[] LANGUAGE java AS 'double[]=example.Rows.ofBits(long[],int)';
CREATE TABLE gaps (label text, one float8, two float8, key int, three float8, four float8);
EXPLAIN (VERBOSE, COSTS OFF) INSERT INTO gaps (one, two)
SELECT NULLIF(a[1], 'NaN'), a[2] FROM (SELECT wide(2, 2) AS a) s;
CALL compare('gaps', $$
    INSERT INTO gaps SELECT 'a label', a[1], NULLIF(a[2], 'NaN'), key, NULLIF(a[3], 'NaN'), a[4]
    FROM (SELECT unnest('{1,2,3,4,5,6,7,8,9}'::int[]) AS key,
        growing('{1,2,3,NaN,5,6,7,8,NaN}', '{1,1,2,4}', 0) AS a) s$$);
CALL compare('gaps', $$
    INSERT INTO gaps (one, two, three, four)
    SELECT NULLIF(a[1], 'NaN'), NULLIF(a[2], 'NaN'), NULLIF(a[3], 'NaN'), NULLIF(a[4], 'NaN')
    FROM (SELECT growing('{NaN,2,NaN,4,NaN,NaN,7,NaN,9,10,11,12,NaN}', '{1,1,1,1}', 0) AS a) s$$);
CALL compare('gaps', $$
    INSERT INTO gaps (four, one, two, three)
    SELECT a[1], NULLIF(a[1], 'NaN'), NULLIF(a[3], 'NaN'), NULLIF(a[2], 'NaN'::float8)
    FROM (SELECT growing('{NaN,2,NaN,4,5,6}', '{1,1,2}', 0) AS a) s$$);
-- beside other columns that change between null and a number
CALL compare('gaps', $$
    INSERT INTO gaps SELECT NULL, NULLIF(a[1], 'NaN'), 2, key, NULL, NULLIF(a[2], 'NaN')
    FROM (SELECT unnest('{1,2,NULL,4,NULL,NULL,7}'::int[]) AS key,
        growing('{NaN,2,NaN,4,5,6,7}', '{1,2}', 0) AS a) s$$);
-- null arrays, empty and short arrays, elements past the end
CALL compare('gaps', $$
    INSERT INTO gaps (one, two, three) SELECT NULLIF(a[1], 'NaN'), NULLIF(a[2], 'NaN'), a[3]
    FROM (SELECT with_nulls() AS a) s$$);
CALL compare('gaps', $$
    INSERT INTO gaps (one, two, three, four)
    SELECT NULLIF(a[1], 'NaN'), NULLIF(a[3], 'NaN'), a[2], NULLIF(a[1000000], 'NaN')
    FROM (SELECT growing('{1,2,NaN,4,5,6,NaN,8}', '{1,3,5}', 0) AS a) s$$);
CALL compare('gaps', $$
    INSERT INTO gaps (label, one) SELECT 'x', NULLIF(a[1], 'NaN') FROM (SELECT wide(2, 0) AS a) s$$);
-- every NaN is one: of either sign, with a payload, signalling; infinities and zeros are not
CALL compare('gaps', $$
    INSERT INTO gaps (one, two, three) SELECT NULLIF(a[1], 'NaN'), NULLIF(a[2], '-NaN'::float8), a[1]
    FROM (SELECT bits('{9221120237041090560,-2251799813685248,9221120237041090561,9218868437227405313,
        -4503599627370495,-1,9218868437227405312,-4503599627370496,-9223372036854775808,0}', 2) AS a) s$$);
-- more shapes than are kept, in order and then back and forth
CALL compare('gaps', $$
    INSERT INTO gaps (key, one, two, three, four)
    SELECT key, NULLIF(a[1], 'NaN'), NULLIF(a[2], 'NaN'), NULLIF(a[3], 'NaN'), NULLIF(a[4], 'NaN')
    FROM (SELECT unnest(keys) AS key, bits(numbers, 4) AS a
        FROM (SELECT array_agg(NULLIF(n / 16 % 2, 0) * n ORDER BY n) AS keys FROM generate_series(0, 299) n) k,
            (SELECT array_agg(CASE WHEN (CASE WHEN n < 100 THEN n ELSE n * 7 END) >> c & 1 = 1
                THEN 9221120237041090560 ELSE 4607182418800017408 + n * 4 + c END ORDER BY n, c) AS numbers
            FROM generate_series(0, 299) n, generate_series(0, 3) c) v) s$$, false);
-- not a float8's NaN, or not of an element; NULLIF with NULL is the element itself
CALL compare('gaps', $$
    INSERT INTO gaps (one, two) SELECT NULLIF(a[1], 2), a[2] FROM (SELECT wide(2, 2) AS a) s$$);
CALL compare('gaps', $$
    INSERT INTO gaps (one, two) SELECT NULLIF(a[1], NULL), a[2] FROM (SELECT wide(2, 2) AS a) s$$);
CALL compare('gaps', $$
    INSERT INTO gaps (one, two) SELECT NULLIF(a[1], 'NaN'::float4), a[2] FROM (SELECT wide(2, 2) AS a) s$$);
CALL compare('gaps', $$
    INSERT INTO gaps (one, two) SELECT NULLIF('NaN', a[1]), a[2] FROM (SELECT wide(2, 2) AS a) s$$);
CALL compare('gaps', $$
    INSERT INTO gaps (one, two) SELECT NULLIF(a[1], a[2]), a[2] FROM (SELECT wide(2, 2) AS a) s$$);
CALL compare('gaps', $$
    INSERT INTO gaps (one, two) SELECT NULLIF(a[1] + 1, 'NaN'), a[2] FROM (SELECT wide(2, 2) AS a) s$$);
CALL compare('gaps', $$
    INSERT INTO gaps (one, two) SELECT NULLIF(a[1], 'NaN') + 1, a[2] FROM (SELECT wide(2, 2) AS a) s$$);
CALL compare('gaps', $$
    INSERT INTO gaps (one, two) SELECT NULLIF(NULLIF(a[1], 'NaN'), 'NaN'), a[2] FROM (SELECT wide(2, 2) AS a) s$$);
CALL compare('gaps', $$
    INSERT INTO gaps (one, two) SELECT NULLIF(key, 'NaN'), a[2]
    FROM (SELECT unnest('{1,NaN}'::float8[]) AS key, wide(2, 2) AS a) s$$);
CALL compare('gaps', $$
    INSERT INTO gaps (key, two) SELECT NULLIF(key, 1), a[2]
    FROM (SELECT unnest('{1,2}'::int[]) AS key, wide(2, 2) AS a) s$$);

-- other types of fixed width
CREATE TABLE types (flag bool, small int2, long int8, character "char", real float4, one float8, day date, mid int4);
CALL compare('types', $$
    INSERT INTO types SELECT n % 2 = 0, n, n, 'c', NULL, a[1], '2024-07-01', n
    FROM (SELECT unnest('{1,2}'::int[]) AS n, wide(2, 1) AS a) s$$);
CALL compare('types', $$
    INSERT INTO types SELECT flag, small, long, 'c', real, a[1], day, mid
    FROM (SELECT unnest('{t,f,t}'::bool[]) AS flag, unnest('{1,NULL,3}'::int2[]) AS small,
        unnest('{4,5,6}'::int8[]) AS long, unnest('{1.5,2.5,NULL}'::float4[]) AS real, wide(3, 1) AS a,
        unnest('{2024-07-01,2024-07-02,2024-07-03}'::date[]) AS day, unnest('{7,8,9}'::int[]) AS mid) s$$);
-- what is not for it
CALL compare('target', $$
    INSERT INTO target (one, two) SELECT a[1], b[1] FROM (SELECT wide(2, 1) AS a, wide(2, 2) AS b) s$$);
CALL compare('target', $$
    INSERT INTO target (label, one) SELECT label, a[1] FROM (SELECT unnest('{x,y}'::text[]) AS label, wide(2, 1) AS a) s$$);
CALL compare('target', $$
    INSERT INTO target (one, two) SELECT a[1], a[2] + 1 FROM (SELECT wide(2, 2) AS a) s$$);
CALL compare('target', $$
    INSERT INTO target (one) SELECT a[2] FROM (SELECT wide(2, 2) AS a OFFSET 1) s$$);
CALL compare('target', $$
    INSERT INTO target (one) SELECT a[2] FROM (SELECT wide(2, 2) AS a) s WHERE a[1] > 1$$);
CREATE FUNCTION not_java() RETURNS SETOF float8[] LANGUAGE plpgsql AS 'BEGIN RETURN NEXT ''[5:6]={1,2}''::float8[]; END';
CALL compare('target', $$
    INSERT INTO target (one, two) SELECT a[1], a[5] FROM (SELECT not_java() AS a) s$$);

-- all that an INSERT may have to do with the rows
CREATE TABLE busy (gone int, one float8 NOT NULL, two float8 CHECK (two < 100), label text DEFAULT 'default',
    twice float8 GENERATED ALWAYS AS (one * 2) STORED, PRIMARY KEY (one)) PARTITION BY RANGE (one);
ALTER TABLE busy DROP COLUMN gone;
CREATE TABLE busy_low (twice float8 GENERATED ALWAYS AS (one * 2) STORED, two float8 CHECK (two < 100),
    one float8 NOT NULL, label text);
ALTER TABLE busy_low RENAME CONSTRAINT busy_low_two_check TO busy_two_check;
ALTER TABLE busy ATTACH PARTITION busy_low FOR VALUES FROM (0) TO (3);
CREATE TABLE busy_high PARTITION OF busy FOR VALUES FROM (3) TO (100);
CALL compare('busy', 'INSERT INTO busy (one, two, label) SELECT a[1], a[2], NULL FROM (SELECT wide(4, 2) AS a) s');
CALL compare('busy', $$
    INSERT INTO busy (one, two) SELECT key, NULLIF(a[1], 'NaN')
    FROM (SELECT unnest('{1,2,3,4,5}'::float8[]) AS key, growing('{1,NaN,2,3,NaN}', '{1}', 0) AS a) s$$);
INSERT INTO busy (one) SELECT NULLIF(a[1], 'NaN') FROM (SELECT growing('{1,NaN}', '{1}', 0) AS a) s;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.label := NEW.label || ' ' || NEW.two;
    RETURN CASE WHEN NEW.one = 2 THEN NULL ELSE NEW END;
END
$$;
CREATE TRIGGER stamp BEFORE INSERT ON busy FOR EACH ROW EXECUTE FUNCTION stamp();
CALL compare('busy', 'INSERT INTO busy (one, two) SELECT a[1], a[2] FROM (SELECT wide(4, 2) AS a) s');
INSERT INTO busy (one, two) SELECT a[1], a[2] FROM (SELECT wide(4, 2) AS a) s RETURNING tableoid::regclass, *;
INSERT INTO busy (one, two) SELECT a[1], a[1] FROM (SELECT wide(5, 1) AS a) s
ON CONFLICT (one) DO UPDATE SET two = excluded.two + 50 RETURNING *;
INSERT INTO busy (one, two) SELECT a[2], a[3] FROM (SELECT wide(90, 3) AS a) s;
INSERT INTO busy (one, two) SELECT a[2], a[1] FROM (SELECT wide(90, 1) AS a) s;

-- planned once, run again; in a WITH; by who may not execute it
PREPARE again(int) AS INSERT INTO target (one, two) SELECT a[1], a[2] FROM (SELECT wide($1, 2) AS a) s;
SET plan_cache_mode = force_generic_plan;
EXECUTE again(2);
EXECUTE again(1);
RESET plan_cache_mode;
SELECT one, two FROM target;
WITH added AS (INSERT INTO target (one) SELECT a[1] FROM (SELECT wide(2, 2) AS a) s RETURNING one)
SELECT sum(one) FROM added;
CREATE ROLE sqljrt_writer;
GRANT INSERT ON target TO sqljrt_writer;
REVOKE EXECUTE ON FUNCTION wide FROM PUBLIC;
SET ROLE sqljrt_writer;
INSERT INTO target (one) SELECT a[1] FROM (SELECT wide(2, 2) AS a) s;
RESET ROLE;
REVOKE ALL ON target FROM sqljrt_writer;
DROP ROLE sqljrt_writer;

-- failures in the middle
INSERT INTO target (one) SELECT a[1] FROM (SELECT growing('{1,NULL}', '{1}', 0) AS a) s;
CREATE FUNCTION odd() RETURNS SETOF float8[] LANGUAGE java AS 'example.Rows.wrongElement';
INSERT INTO target (one) SELECT a[1] FROM (SELECT odd() AS a) s;
SELECT count(*) FROM target;
