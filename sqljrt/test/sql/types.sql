\set VERBOSITY terse
-- Every type there and back; expected values are SQL's own.
CREATE FUNCTION same(bool) RETURNS bool LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION same(int2) RETURNS int2 LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION same(int4) RETURNS int4 LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION same(int8) RETURNS int8 LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION same(float4) RETURNS float4 LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION same(float8) RETURNS float8 LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION same(text) RETURNS text LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION same_varchar(varchar) RETURNS varchar LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION same(bytea) RETURNS bytea LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION same(timestamptz) RETURNS timestamptz LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION same(int2[]) RETURNS int2[] LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION same(int4[]) RETURNS int4[] LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION same(int8[]) RETURNS int8[] LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION same(float4[]) RETURNS float4[] LANGUAGE java AS 'example.Values.same';
CREATE FUNCTION same(float8[]) RETURNS float8[] LANGUAGE java AS 'example.Values.same';

SELECT same(true), same(false);
SELECT same((-32768)::int2), same(32767::int2);
SELECT same(-2147483648), same(2147483647);
SELECT same(-9223372036854775808), same(9223372036854775807);
SELECT same('1.17549435e-38'::float4), same('3.4028235e+38'::float4), same('-Infinity'::float4), same('NaN'::float4);
SELECT same('5e-324'::float8), same('1.7976931348623157e+308'::float8), same('-0'::float8), same('Infinity'::float8), same('NaN'::float8);
SELECT same(''::text) = '', same('a'::text), same(E'tab\tnew\nline'::text), same_varchar('varchar');
SELECT same('\x'::bytea), same('\x00ff0080'::bytea);

-- text: the last character of two bytes, the first of three, beyond 16 bits
SELECT s, same(s) = s AS same, length(s) = length(same(s)) AS length
FROM unnest(ARRAY[U&'\00E9\07FF', U&'\0800\20AC\FFFF', U&'\+010000\+01F600\+10FFFF', U&'a\+01F600z']) s;
CREATE FUNCTION utf16_length(text) RETURNS int LANGUAGE java AS 'example.Values.length(java.lang.String)';
SELECT utf16_length(U&'a\+01F600z') AS four;
CREATE FUNCTION code_point(int) RETURNS text LANGUAGE java AS 'example.Values.codePoint';
SELECT code_point(8364) = U&'\20AC', code_point(128512) = U&'\+01F600';
SELECT code_point(0);
SELECT code_point(55357);
SELECT code_point(56832);
SELECT code_point(1114112);
SELECT same(repeat(U&'\20AC\+01F600', 400000)) = repeat(U&'\20AC\+01F600', 400000) AS long;
SELECT same(decode(repeat('00ff', 500000), 'hex')) = decode(repeat('00ff', 500000), 'hex') AS long;

-- timestamps: microseconds, whatever the zone
SET timezone = 'Asia/Kolkata';
CREATE FUNCTION moment_text(timestamptz) RETURNS text LANGUAGE java AS 'example.Values.text';
CREATE FUNCTION moment(text) RETURNS timestamptz LANGUAGE java AS 'example.Values.moment(java.lang.String)';
CREATE FUNCTION plus_nanos(timestamptz, bigint) RETURNS timestamptz LANGUAGE java AS 'example.Values.plusNanos';
SELECT moment_text('2024-07-01 00:00:00.000001+00'), moment_text('1999-12-31 23:59:59.999999+00');
SELECT moment('2024-07-01T05:30:00.123456+05:30'), moment('1969-12-31T23:59:59.999999Z');
SELECT plus_nanos('2000-01-01 00:00+00', -1), plus_nanos('2000-01-01 00:00+00', 1999);
SELECT t, same(t) = t AS same FROM unnest(ARRAY['4713-01-01 00:00+00 BC', '0001-01-01 00:00+00', '1582-10-15 00:00+00',
    '294276-12-31 23:59:59.999999+00']::timestamptz[]) t;
SELECT same('infinity'::timestamptz);
SELECT same('-infinity'::timestamptz);
SELECT moment('+294277-01-01T00:00Z');
SELECT moment('-999999-01-01T00:00Z');
RESET timezone;

-- arrays
SELECT same('{-32768,0,32767}'::int2[]), same('{-2147483648,2147483647}'::int4[]), same('{-9223372036854775808,9223372036854775807}'::int8[]);
SELECT same('{1.5,NaN,-Infinity}'::float4[]), same('{5e-324,NaN,Infinity,-0}'::float8[]);
SELECT same('{}'::int2[]), same('{}'::int4[]), same('{}'::int8[]), same('{}'::float4[]), same('{}'::float8[]);
SELECT same('{}'::float8[]) = '{}', array_ndims(same('{}'::float8[])) IS NULL;
SELECT same('[-1:1]={1,2,3}'::float8[]) AS lower_bound_one;
SELECT same(array_agg(i::float8)) = array_agg(i::float8) FROM generate_series(1, 100000) i;
SELECT same((array_agg(i))[2:99999]) = (array_agg(i))[2:99999] FROM generate_series(1, 100000) i;
SELECT same('{{1,2},{3,4}}'::float8[]);
SELECT same('[2:3][0:0]={{1},{NULL}}'::float8[]);
SELECT same('{1,NULL,3}'::float8[]);
SELECT same('[0:2]={1,2,NULL}'::int4[]);
SELECT same(array_remove('{1,NULL,3}'::float8[], NULL)), same(array_replace('{1,NULL,3}'::float8[], NULL, 2));

-- from a table: compressed, toasted, short headers
CREATE TABLE stored (a float8[], b bytea, s text);
INSERT INTO stored SELECT array_agg(0::float8), decode(repeat('00', 100000), 'hex'), repeat('a', 100000) FROM generate_series(1, 50000);
INSERT INTO stored SELECT array_agg(random()), decode(string_agg(md5(i::text), ''), 'hex'), string_agg(md5(i::text), '') FROM generate_series(1, 50000) i;
INSERT INTO stored VALUES ('{1}', '\x01', 'x');
SELECT bool_and(same(a) = a) AND bool_and(same(b) = b) AND bool_and(same(s) = s) AS same FROM stored;
DROP TABLE stored;

-- NULL: an error for primitives, null for objects
SELECT same(NULL::bool);
SELECT same(NULL::int2);
SELECT same(NULL::int4);
SELECT same(NULL::int8);
SELECT same(NULL::float4);
SELECT same(NULL::float8);
SELECT same(NULL::text) IS NULL, same(NULL::bytea) IS NULL, same(NULL::timestamptz) IS NULL, same(NULL::float8[]) IS NULL, same(NULL::int2[]) IS NULL;

-- boxed
CREATE FUNCTION boxed(bool) RETURNS bool LANGUAGE java AS 'java.lang.Boolean=example.Values.same(java.lang.Boolean)';
CREATE FUNCTION boxed(int2) RETURNS int2 LANGUAGE java AS 'java.lang.Short=example.Values.same(java.lang.Short)';
CREATE FUNCTION boxed(int4) RETURNS int4 LANGUAGE java AS 'java.lang.Integer=example.Values.same(java.lang.Integer)';
CREATE FUNCTION boxed(int8) RETURNS int8 LANGUAGE java AS 'java.lang.Long=example.Values.same(java.lang.Long)';
CREATE FUNCTION boxed(float4) RETURNS float4 LANGUAGE java AS 'java.lang.Float=example.Values.same(java.lang.Float)';
CREATE FUNCTION boxed(float8) RETURNS float8 LANGUAGE java AS 'java.lang.Double=example.Values.same(java.lang.Double)';
SELECT boxed(true), boxed(-1::int2), boxed(2147483647), boxed(9223372036854775807), boxed('1.5'::float4), boxed('NaN'::float8);
SELECT boxed(NULL::bool) IS NULL, boxed(NULL::int2) IS NULL, boxed(NULL::int4) IS NULL, boxed(NULL::int8) IS NULL, boxed(NULL::float4) IS NULL, boxed(NULL::float8) IS NULL;
