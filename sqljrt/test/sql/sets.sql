\set VERBOSITY terse
CREATE FUNCTION rows(int, int) RETURNS SETOF float8[] LANGUAGE java AS 'double[]=example.Rows.table(int,int)';
CREATE FUNCTION sums(float8[], int[], int) RETURNS SETOF float8[] LANGUAGE java
    AS 'double[]=example.Rows.sums(double[],int[],java.lang.Integer)';
CREATE FUNCTION count_to(int) RETURNS SETOF int LANGUAGE java AS 'example.Rows.count';
CREATE FUNCTION words(text) RETURNS SETOF text LANGUAGE java AS 'example.Rows.words';

-- in the select list, in FROM, joined, twice
SELECT rows(2, 3);
SELECT * FROM rows(2, 3);
SELECT r[2] FROM rows(3, 2) r;
SELECT r, ordinality FROM rows(2, 1) WITH ORDINALITY r;
SELECT unnest(ARRAY['a', 'b', 'c']) AS label, sums('{1,2,4}', '{1,2}', NULL) AS sums;
SELECT label, sums[1] AS one, sums[2] AS two
FROM (SELECT unnest(ARRAY['a', 'b', 'c']) AS label, sums('{1,2,4}', '{1,2}', NULL) AS sums) s;
SELECT count_to(2) AS a, count_to(3) AS b, unnest('{x,y}'::text[]) AS c;
SELECT i, count_to(i) FROM generate_series(0, 3) i;
SELECT i, j FROM generate_series(0, 3) i, LATERAL count_to(i) j;
SELECT i, j FROM generate_series(1, 2) i LEFT JOIN LATERAL count_to(i) j ON j > 1;
SELECT words('to be or'), words('not');
SELECT count_to(count_to(3));
SELECT count(*), sum(r[55]) FROM (SELECT rows(32400, 55) r) s;

-- no rows, no iterator, nulls
SELECT rows(0, 3);
SELECT rows(2, 0);
CREATE FUNCTION no_iterator() RETURNS SETOF float8[] LANGUAGE java AS 'example.Rows.noIterator';
SELECT no_iterator();
SELECT * FROM no_iterator();
CREATE FUNCTION null_elements() RETURNS SETOF float8[] LANGUAGE java AS 'example.Rows.nullElements';
SELECT e, e IS NULL AS is_null FROM (SELECT null_elements() e) s;
SELECT sums('{1,NULL}', '{1}', NULL);

-- elements of another class
CREATE FUNCTION wrong_element() RETURNS SETOF float8[] LANGUAGE java AS 'example.Rows.wrongElement';
CREATE FUNCTION wrong_array() RETURNS SETOF float8[] LANGUAGE java AS 'double[]=example.Rows.wrongArray()';
CREATE FUNCTION wrong_int() RETURNS SETOF int LANGUAGE java AS 'example.Rows.wrongArray';
CREATE FUNCTION wrong_text() RETURNS SETOF text LANGUAGE java AS 'example.Rows.wrongArray';
CREATE FUNCTION not_text() RETURNS SETOF text LANGUAGE java AS 'example.Rows.count(int)';
CREATE FUNCTION not_text(int) RETURNS SETOF text LANGUAGE java AS 'example.Rows.count(int)';
SELECT wrong_element();
SELECT * FROM wrong_array();
SELECT wrong_int();
SELECT wrong_text();
SELECT not_text(1);

-- endless sets end with the query
CREATE FUNCTION endless() RETURNS SETOF float8[] LANGUAGE java AS 'example.Rows.endless';
SELECT endless() LIMIT 2;
SELECT count(*) FROM (SELECT endless() LIMIT 100000) s;
BEGIN;
DECLARE c CURSOR FOR SELECT endless();
FETCH 2 FROM c;
DECLARE d CURSOR FOR SELECT endless();
FETCH 1 FROM d;
FETCH 1 FROM c;
CLOSE c;
FETCH 1 FROM d;
ROLLBACK;

-- a set that fails half way
CREATE FUNCTION failing(int) RETURNS SETOF int LANGUAGE java AS 'example.Rows.failing';
SELECT failing(3);
SELECT count(*) FROM (SELECT failing(3) LIMIT 2) s;
CREATE FUNCTION failing_arrays(int) RETURNS SETOF float8[] LANGUAGE java AS 'example.Rows.failingArrays';
SELECT failing_arrays(3);
SELECT failing_arrays(3) LIMIT 2;
SELECT count(*) FROM (SELECT failing_arrays(1000) LIMIT 999) s;

-- iterators are released, however the query ends: each of these holds 8 MB of 256
CREATE FUNCTION heavy() RETURNS SETOF int LANGUAGE java AS 'example.Rows.heavy';
DO $$
BEGIN
    FOR i IN 1..50 LOOP
        PERFORM heavy() LIMIT 1;
    END LOOP;
END
$$;
DO $$
BEGIN
    FOR i IN 1..50 LOOP
        BEGIN
            PERFORM 1 / (3 - h) FROM (SELECT heavy() h) s;
        EXCEPTION WHEN division_by_zero THEN
        END;
    END LOOP;
END
$$;
DO $$
DECLARE
    c refcursor;
    value int;
BEGIN
    FOR i IN 1..50 LOOP
        OPEN c FOR SELECT heavy();
        FETCH c INTO value;
        CLOSE c;
    END LOOP;
END
$$;
SELECT count(*) FROM generate_series(1, 50) i, LATERAL (SELECT heavy() LIMIT 2) s;
