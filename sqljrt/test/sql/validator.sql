\set VERBOSITY terse
-- AS strings
CREATE FUNCTION f() RETURNS int LANGUAGE java AS '';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'one';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS '.one';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example..Version.version';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example/Version.version';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.Version.version(';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.Version.version)';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.Version.version() and more';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.Version.version(,)';
CREATE FUNCTION f(int) RETURNS int LANGUAGE java AS 'example.Version.version(int,)';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS '=example.Version.version';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'int==example.Version.version';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'exa mple.Version.version';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.1Version.version';

-- classes and methods
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.Missing.version';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'Example.Version.version';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.Version.missing';
CREATE FUNCTION f() RETURNS int8 LANGUAGE java AS 'example.Version.version';
CREATE FUNCTION f(int) RETURNS int LANGUAGE java AS 'example.Version.version';
CREATE FUNCTION f(int, int) RETURNS int LANGUAGE java AS 'java.lang.Math.max(int)';
CREATE FUNCTION f(int, int) RETURNS int LANGUAGE java AS 'java.lang.Math.max(int,int,int)';
CREATE FUNCTION f(int) RETURNS int LANGUAGE java AS 'example.Values.length';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.Faults.notStatic';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.Faults.notPublic';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.Hidden.one';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.Broken.length';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.Broken.length';
CREATE FUNCTION f() RETURNS SETOF int LANGUAGE java AS 'example.Version.version';
CREATE FUNCTION f(int) RETURNS int LANGUAGE java AS 'example.Rows.count';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'org.bqx.sqljrt.Support.next';

-- types
CREATE FUNCTION f(numeric) RETURNS int LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION f() RETURNS numeric LANGUAGE java AS 'example.Version.version';
CREATE FUNCTION f() RETURNS void LANGUAGE java AS 'example.Version.version';
CREATE FUNCTION f() RETURNS trigger LANGUAGE java AS 'example.Version.version';
CREATE FUNCTION f() RETURNS record LANGUAGE java AS 'example.Version.version';
CREATE FUNCTION f(text[]) RETURNS int LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION f(anyelement) RETURNS int LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION f(int, OUT a int, OUT b int) LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION f(int) RETURNS int LANGUAGE java AS 'int=example.Values.same(long)';
CREATE FUNCTION f(int) RETURNS int LANGUAGE java AS 'long=example.Values.same(int)';
CREATE FUNCTION f(int) RETURNS int LANGUAGE java AS 'example.Values.same(Integer)';
CREATE FUNCTION f(text) RETURNS text LANGUAGE java AS 'example.Values.same(String)';
CREATE FUNCTION f(float8[]) RETURNS float8[] LANGUAGE java AS 'java.lang.Double[]=example.Values.same(double[])';
CREATE PROCEDURE p() LANGUAGE java AS 'example.Version.version';
DO LANGUAGE java 'example.Version.version';

-- SQLSTATEs
\set VERBOSITY sqlstate
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'one';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.Missing.version';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.Version.missing';
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'example.Hidden.one';
CREATE FUNCTION f(numeric) RETURNS int LANGUAGE java AS 'example.Values.same';
\set VERBOSITY terse

-- unchecked: the call says the same
SET check_function_bodies = off;
CREATE FUNCTION f() RETURNS int LANGUAGE java AS 'one';
CREATE FUNCTION g() RETURNS int LANGUAGE java AS 'example.Missing.version';
CREATE FUNCTION h(numeric) RETURNS int LANGUAGE java AS 'example.Missing.version';
RESET check_function_bodies;
SELECT f();
SELECT g();
SELECT h(1);
DROP FUNCTION f(), g(), h(numeric);
