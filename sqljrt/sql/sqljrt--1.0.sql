-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION sqljrt" to load this file. \quit

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'sqlj')
        OR EXISTS (SELECT FROM pg_catalog.pg_language WHERE lanname = 'java') THEN
        RAISE EXCEPTION 'schema "sqlj" or language "java" exists already'
            USING ERRCODE = 'duplicate_object',
                  HINT = 'Another implementation of SQL/JRT, such as PL/Java, is in this database: use that one, or drop it first.';
    END IF;
END
$$;

CREATE SCHEMA sqlj;

-- the language

CREATE FUNCTION sqlj.java_call_handler() RETURNS language_handler
    AS 'MODULE_PATHNAME' LANGUAGE c;

CREATE FUNCTION sqlj.java_validator(oid) RETURNS void
    AS 'MODULE_PATHNAME' LANGUAGE c STRICT;

CREATE LANGUAGE java HANDLER sqlj.java_call_handler VALIDATOR sqlj.java_validator;

COMMENT ON LANGUAGE java IS 'SQL/JRT, by sqljrt';

-- jars and class paths; pg_dump carries their rows

CREATE TABLE sqlj.jar_repository (
    jar_name text PRIMARY KEY,
    jar_origin text,
    jar_image bytea NOT NULL,
    jar_digest bytea NOT NULL GENERATED ALWAYS AS (sha256(jar_image)) STORED
);

-- a jar is compressed already
ALTER TABLE sqlj.jar_repository ALTER jar_image SET STORAGE EXTERNAL;

CREATE TABLE sqlj.classpath_entry (
    schema_name name NOT NULL,
    ordinal int NOT NULL,
    jar_name text NOT NULL REFERENCES sqlj.jar_repository,
    PRIMARY KEY (schema_name, ordinal),
    UNIQUE (schema_name, jar_name)
);

CREATE INDEX ON sqlj.classpath_entry (jar_name);

SELECT pg_catalog.pg_extension_config_dump('sqlj.jar_repository', '');
SELECT pg_catalog.pg_extension_config_dump('sqlj.classpath_entry', '');

-- tells all sessions to look whether their classes are current

CREATE FUNCTION sqlj.jars_changed() RETURNS trigger
    AS 'MODULE_PATHNAME' LANGUAGE c;

CREATE TRIGGER jars_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE
    ON sqlj.jar_repository EXECUTE FUNCTION sqlj.jars_changed();
CREATE TRIGGER jars_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE
    ON sqlj.classpath_entry EXECUTE FUNCTION sqlj.jars_changed();

-- The routines need no pinned search_path: they are in C and name everything
-- in full, and a descriptor's actions run under the caller's search_path.

CREATE FUNCTION sqlj.install_jar(url text, jar text, deploy boolean) RETURNS void
    AS 'MODULE_PATHNAME', 'install_jar_url' LANGUAGE c;
CREATE FUNCTION sqlj.install_jar(image bytea, jar text, deploy boolean) RETURNS void
    AS 'MODULE_PATHNAME', 'install_jar_image' LANGUAGE c;
CREATE FUNCTION sqlj.replace_jar(url text, jar text, redeploy boolean) RETURNS void
    AS 'MODULE_PATHNAME', 'replace_jar_url' LANGUAGE c;
CREATE FUNCTION sqlj.replace_jar(image bytea, jar text, redeploy boolean) RETURNS void
    AS 'MODULE_PATHNAME', 'replace_jar_image' LANGUAGE c;
CREATE FUNCTION sqlj.remove_jar(jar text, undeploy boolean) RETURNS void
    AS 'MODULE_PATHNAME' LANGUAGE c;
CREATE FUNCTION sqlj.set_classpath(schema text, path text) RETURNS void
    AS 'MODULE_PATHNAME' LANGUAGE c;
CREATE FUNCTION sqlj.get_classpath(schema text) RETURNS text
    AS 'MODULE_PATHNAME' LANGUAGE c STABLE;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sqlj FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA sqlj FROM PUBLIC;
