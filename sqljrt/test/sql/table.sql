-- The numbers of a table as an array
\set VERBOSITY terse
SET TimeZone = 'UTC';
CREATE TABLE numbers (label text, at timestamptz, one float8, two float8);
SELECT sqlj.read_rows('numbers');
INSERT INTO numbers VALUES ('x', '2000-01-01 00:00:01Z', 1.5, -2), ('a longer label', '1999-12-31 23:59Z', '-0', 'Infinity'),
    (NULL, '2024-07-01Z', 3, 4), ('x', NULL, 5, 6), ('x', '2024-07-01Z', NULL, 'NaN'), ('x', 'infinity', 7, NULL), ('x', '-infinity', 8, 9);
SELECT sqlj.read_rows('numbers');
-- bit by bit, of rows with and without nulls
CREATE FUNCTION differing(wanted text) RETURNS TABLE (rows bigint, differ bigint) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format($query$
        SELECT count(*), count(*) FILTER (WHERE float8send(coalesce(w.value, 'NaN')) IS DISTINCT FROM float8send(r.value))
        FROM (SELECT value, row_number() OVER () AS no FROM %s t, LATERAL (VALUES %s) v (value)) w
        FULL JOIN unnest(sqlj.read_rows(%L)) WITH ORDINALITY r (value, no) USING (no)
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
CREATE TABLE without (label text);
INSERT INTO without VALUES ('x');
SELECT sqlj.read_rows('without');
SELECT sqlj.microseconds('{2000-01-01 00:00:01Z,1999-12-31 23:59Z,NULL,infinity,-infinity}'), sqlj.microseconds('{}'),
    sqlj.microseconds(NULL), sqlj.read_rows(NULL);
-- what is not a table with rows, or not for the user
CREATE VIEW view_of_many AS SELECT * FROM many;
SELECT sqlj.read_rows('view_of_many');
SELECT sqlj.read_rows(1);
CREATE TABLE parted (number float8) PARTITION BY RANGE (number);
SELECT sqlj.read_rows('parted');
CREATE ROLE sqljrt_reader;
GRANT USAGE ON SCHEMA sqlj TO sqljrt_reader;
SET ROLE sqljrt_reader;
SELECT sqlj.read_rows('narrow');
RESET ROLE;
GRANT EXECUTE ON FUNCTION sqlj.read_rows TO sqljrt_reader;
SET ROLE sqljrt_reader;
SELECT sqlj.read_rows('narrow');
RESET ROLE;
GRANT SELECT (number) ON narrow TO sqljrt_reader;
SET ROLE sqljrt_reader;
SELECT sqlj.read_rows('narrow');
RESET ROLE;
GRANT SELECT ON narrow TO sqljrt_reader;
SET ROLE sqljrt_reader;
SELECT cardinality(sqlj.read_rows('narrow'));
RESET ROLE;
ALTER TABLE narrow ENABLE ROW LEVEL SECURITY;
SET ROLE sqljrt_reader;
SELECT sqlj.read_rows('narrow');
RESET ROLE;
SELECT cardinality(sqlj.read_rows('narrow'));
DROP TABLE numbers, many, narrow, without, parted CASCADE;
REVOKE ALL ON SCHEMA sqlj FROM sqljrt_reader;
REVOKE ALL ON FUNCTION sqlj.read_rows FROM sqljrt_reader;
DROP ROLE sqljrt_reader;
