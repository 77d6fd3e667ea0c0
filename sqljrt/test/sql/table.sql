-- The numbers of a table as an array
\set VERBOSITY terse
SET TimeZone = 'UTC';
CREATE FUNCTION read_all(regclass) RETURNS float8[] LANGUAGE sql AS 'SELECT sqlj.read_rows($1, 0, 1000000)';
CREATE TABLE numbers (label text, at timestamptz, one float8, two float8);
SELECT read_all('numbers');
INSERT INTO numbers VALUES ('x', '2000-01-01 00:00:01Z', 1.5, -2), ('a longer label', '1999-12-31 23:59Z', '-0', 'Infinity'),
    (NULL, '2024-07-01Z', 3, 4), ('x', NULL, 5, 6), ('x', '2024-07-01Z', NULL, 'NaN'), ('x', 'infinity', 7, NULL), ('x', '-infinity', 8, 9);
SELECT read_all('numbers');
-- bit by bit, of rows with and without nulls
CREATE FUNCTION differing(wanted text) RETURNS TABLE (rows bigint, differ bigint) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format($query$
        SELECT count(*), count(*) FILTER (WHERE float8send(coalesce(w.value, 'NaN')) IS DISTINCT FROM float8send(r.value))
        FROM (SELECT value, row_number() OVER () AS no FROM %s t, LATERAL (VALUES %s) v (value)) w
        FULL JOIN unnest(read_all(%L)) WITH ORDINALITY r (value, no) USING (no)
        $query$, split_part(wanted, ' ', 1), substr(wanted, strpos(wanted, ' ') + 1), split_part(wanted, ' ', 1));
END
$$;
CREATE TABLE many AS SELECT repeat('x', i % 7) AS label, 'epoch'::timestamptz + i * interval '1 minute' AS at, sin(i) AS one,
    CASE WHEN i % 10 <> 0 THEN i / 3.0::float8 END AS two FROM generate_series(1, 20000) i;
SELECT * FROM differing('many (1e6 * (extract(epoch FROM at) - 946684800)::float8), (one), (two)');
-- rows that are gone, or not there yet, are not read
DELETE FROM many WHERE at < '1970-01-05Z';
UPDATE many SET one = -one WHERE at > '1970-01-14 00:00Z';
SELECT * FROM differing('many (1e6 * (extract(epoch FROM at) - 946684800)::float8), (one), (two)');
-- columns that were added later, dropped, of other types, and before and between those that count
ALTER TABLE many ADD COLUMN three float8 DEFAULT 3, ADD COLUMN four int DEFAULT 4, ADD COLUMN five float8, DROP COLUMN one;
INSERT INTO many VALUES ('new', 'epoch', 1, 2, 3, 4);
SELECT * FROM differing('many (1e6 * (extract(epoch FROM at) - 946684800)::float8), (two), (three), (five)');
CREATE TABLE narrow (flag bool, small int2, wide text, number float8);
INSERT INTO narrow SELECT i % 2 = 0, i, repeat('long ', (i % 3) * 40), i FROM generate_series(1, 999) i;
SELECT * FROM differing('narrow (number)');
-- some pages at a time, and from beyond the end none
SELECT array_agg(value ORDER BY first, no) = read_all('many') AS same
FROM generate_series(0, 500, 7) first, unnest(sqlj.read_rows('many', first, 7)) WITH ORDINALITY r (value, no);
SELECT sqlj.read_rows('many', 1000, 7), sqlj.read_rows('many', 4294967296, 7), sqlj.read_rows('many', 0, 0),
    cardinality(sqlj.read_rows('many', 0, 2147483647)) = cardinality(read_all('many')) AS all_of_them;
SELECT sqlj.read_rows('many', -1, 7);
SELECT sqlj.read_rows('many', 0, -1);
-- what a snapshot sees: of a transaction that is not over its own rows alone
CREATE TABLE seen (number float8);
INSERT INTO seen VALUES (1);
BEGIN;
INSERT INTO seen VALUES (2);
SAVEPOINT undone;
INSERT INTO seen VALUES (3);
SELECT read_all('seen');
ROLLBACK TO undone;
SELECT read_all('seen');
DECLARE before CURSOR FOR SELECT read_all('seen') FROM generate_series(1, 2);
DELETE FROM seen WHERE number = 1;
INSERT INTO seen VALUES (4);
FETCH before;
SELECT read_all('seen');
ROLLBACK;
SELECT read_all('seen');
-- and a table that nobody has read before is not written for it
CREATE TABLE unread AS SELECT i::float8 AS number FROM generate_series(1, 20000) i;
CHECKPOINT;
CREATE FUNCTION dirtied(query text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT json) ' || query INTO plan;
    RETURN plan -> 0 -> 'Plan' ->> 'Shared Dirtied Blocks';
END
$$;
SELECT dirtied('SELECT cardinality(read_all(''unread''))') < 10 AS hardly, dirtied('SELECT count(*) FROM unread') > 80 AS by_select;
CREATE TABLE without (label text);
INSERT INTO without VALUES ('x');
SELECT read_all('without');
SELECT sqlj.microseconds('{2000-01-01 00:00:01Z,1999-12-31 23:59Z,NULL,infinity,-infinity}'), sqlj.microseconds('{}'),
    sqlj.microseconds(NULL), read_all(NULL);
-- what is not a table with rows, or not for the user
CREATE VIEW view_of_many AS SELECT * FROM many;
SELECT read_all('view_of_many');
SELECT read_all(1);
CREATE TABLE parted (number float8) PARTITION BY RANGE (number);
SELECT read_all('parted');
CREATE ROLE sqljrt_reader;
GRANT USAGE ON SCHEMA sqlj TO sqljrt_reader;
SET ROLE sqljrt_reader;
SELECT sqlj.read_rows('narrow', 0, 1);
RESET ROLE;
GRANT EXECUTE ON FUNCTION sqlj.read_rows TO sqljrt_reader;
SET ROLE sqljrt_reader;
SELECT sqlj.read_rows('narrow', 0, 1);
RESET ROLE;
GRANT SELECT (number) ON narrow TO sqljrt_reader;
SET ROLE sqljrt_reader;
SELECT sqlj.read_rows('narrow', 0, 1);
RESET ROLE;
GRANT SELECT ON narrow TO sqljrt_reader;
SET ROLE sqljrt_reader;
SELECT cardinality(sqlj.read_rows('narrow', 0, 1)) > 0 AS may_read;
RESET ROLE;
ALTER TABLE narrow ENABLE ROW LEVEL SECURITY;
SET ROLE sqljrt_reader;
SELECT sqlj.read_rows('narrow', 0, 1);
RESET ROLE;
SELECT cardinality(read_all('narrow'));
DROP TABLE numbers, many, narrow, without, parted, seen, unread CASCADE;
DROP FUNCTION read_all, differing, dirtied;
REVOKE ALL ON SCHEMA sqlj FROM sqljrt_reader;
REVOKE ALL ON FUNCTION sqlj.read_rows FROM sqljrt_reader;
DROP ROLE sqljrt_reader;
