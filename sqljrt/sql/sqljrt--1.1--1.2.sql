-- complain if script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION sqljrt UPDATE TO '1.2'" to load this file. \quit

-- a table's numbers, some pages at a time

DROP FUNCTION sqlj.read_rows(regclass);
CREATE FUNCTION sqlj.read_rows(rows_of regclass, first_page int8, pages int4) RETURNS float8[]
    AS 'MODULE_PATHNAME' LANGUAGE c STABLE STRICT PARALLEL SAFE;

REVOKE ALL ON FUNCTION sqlj.read_rows(regclass, int8, int4) FROM PUBLIC;
