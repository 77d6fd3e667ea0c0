-- complain if script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION sqljrt UPDATE TO '1.1'" to load this file. \quit

-- a table's numbers, for functions that take them as an array

CREATE FUNCTION sqlj.read_rows(rows_of regclass) RETURNS float8[]
    AS 'MODULE_PATHNAME' LANGUAGE c STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION sqlj.microseconds(times timestamptz[]) RETURNS float8[]
    AS 'MODULE_PATHNAME' LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE;

REVOKE ALL ON FUNCTION sqlj.read_rows(regclass), sqlj.microseconds(timestamptz[]) FROM PUBLIC;
