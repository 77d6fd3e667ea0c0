\set VERBOSITY terse
-- scalar calls, with and without types in the AS string
CREATE FUNCTION jmax(int, int) RETURNS int LANGUAGE java AS 'java.lang.Math.max';
SELECT jmax(3, 4), jmax(-1, -2);
CREATE FUNCTION jmax(float8, float8) RETURNS float8 LANGUAGE java
    AS ' double = java.lang.Math.max ( double , double ) ';
SELECT jmax(3.5, 4.5), jmax(1.0, 'NaN');
SELECT jmax(NULL::int, 1);
SELECT jmax(1, NULL::int);
CREATE FUNCTION strict_max(int, int) RETURNS int LANGUAGE java STRICT AS 'java.lang.Math.max';
SELECT strict_max(1, NULL) IS NULL;
CREATE FUNCTION sum(vals float8[], indexes int[], skip int) RETURNS float8 LANGUAGE java
    AS 'double=example.Values.sum(double[],int[],java.lang.Integer)';
SELECT sum('{1,2,4}', '{0,2}', NULL), sum(indexes => '{1}', skip => 1, vals => '{1,2,4}');
SELECT sum('{1,2,4}', '{3}', NULL);
\set VERBOSITY sqlstate
SELECT sum(NULL, '{3}', NULL);
\set VERBOSITY terse

-- a function that is replaced is another function at once
CREATE FUNCTION changes(int, int) RETURNS int LANGUAGE java AS 'java.lang.Math.max';
SELECT changes(1, 2);
CREATE OR REPLACE FUNCTION changes(int, int) RETURNS int LANGUAGE java AS 'java.lang.Math.min';
SELECT changes(1, 2);
BEGIN;
CREATE OR REPLACE FUNCTION changes(int, int) RETURNS int LANGUAGE java AS 'java.lang.Math.max';
SELECT changes(1, 2);
ROLLBACK;
SELECT changes(1, 2);
PREPARE changes AS SELECT changes(1, 2);
EXECUTE changes;
CREATE OR REPLACE FUNCTION changes(int, int) RETURNS int LANGUAGE java AS 'java.lang.Math.max';
EXECUTE changes;
DROP FUNCTION changes(int, int);
EXECUTE changes;

-- from SQL, PL/pgSQL, indexes, defaults, aggregates
CREATE FUNCTION twice(int) RETURNS int IMMUTABLE LANGUAGE java AS 'java.lang.Math.abs';
CREATE FUNCTION in_sql(int) RETURNS int LANGUAGE sql AS 'SELECT twice($1) + 1';
CREATE FUNCTION in_plpgsql(i int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN twice(i) + 1; END';
SELECT in_sql(-1), in_plpgsql(-2);
CREATE TABLE t (i int DEFAULT twice(-3), CHECK (twice(i) < 100));
CREATE INDEX ON t (twice(i));
INSERT INTO t DEFAULT VALUES;
INSERT INTO t VALUES (-100);
INSERT INTO t VALUES (-4);
SELECT * FROM t ORDER BY twice(i) DESC;
CREATE AGGREGATE largest(int) (SFUNC = jmax, STYPE = int, INITCOND = '0');
SELECT largest(i) FROM generate_series(1, 1000) i;
DROP TABLE t;

-- resources of the jar
CREATE FUNCTION resource(text) RETURNS text LANGUAGE java AS 'example.Values.resource';
SELECT resource('hello.txt'), resource('/example.ddr') LIKE 'SQLActions%', resource('none');

-- another schema without a class path has that of public
CREATE SCHEMA other;
CREATE FUNCTION other.version() RETURNS int LANGUAGE java AS 'example.Version.version';
SELECT other.version();
DROP SCHEMA other CASCADE;
