\set VERBOSITY terse
\set one `base64 -w0 "$SQLJRT_TEST_JARS/example1.jar"`
CREATE ROLE sqljrt_user;
GRANT CREATE ON SCHEMA public TO sqljrt_user;
CREATE FUNCTION version() RETURNS int LANGUAGE java AS 'example.Version.version';
CREATE FUNCTION secret() RETURNS int LANGUAGE java AS 'example.Version.version';
REVOKE EXECUTE ON FUNCTION secret() FROM PUBLIC;

-- nothing in sqlj is anyone's but its owner's
SELECT count(*) AS executable_by_public FROM pg_proc
WHERE pronamespace = 'sqlj'::regnamespace AND has_function_privilege('sqljrt_user', oid, 'EXECUTE');
SELECT count(*) AS readable_by_public FROM pg_class
WHERE relnamespace = 'sqlj'::regnamespace AND relkind = 'r' AND has_table_privilege('sqljrt_user', oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE');

SET ROLE sqljrt_user;
-- executing is for whoever holds EXECUTE, in a session whose classes are not loaded yet
\c -
SET ROLE sqljrt_user;
SELECT public.version();
SELECT secret();
SELECT current_user;
-- creating is for superusers
CREATE FUNCTION mine() RETURNS int LANGUAGE java AS 'example.Version.version';
-- jars are out of reach
SELECT sqlj.install_jar(decode(:'one', 'base64'), 'mine', false);
SELECT count(*) FROM sqlj.jar_repository;
-- settings too
SET sqljrt.libjvm_location = '/tmp/mine.so';
SET sqljrt.vmoptions = '-Xmx1g';
RESET ROLE;

-- with USAGE and EXECUTE granted, the tables are still closed
GRANT USAGE ON SCHEMA sqlj TO sqljrt_user;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA sqlj TO sqljrt_user;
SET ROLE sqljrt_user;
SELECT sqlj.install_jar(decode(:'one', 'base64'), 'mine', false);
SELECT sqlj.install_jar('file:/etc/passwd', 'mine', false);
SELECT sqlj.set_classpath('public', '');
SELECT sqlj.get_classpath('public');
RESET ROLE;

-- a search_path full of traps changes nothing
CREATE SCHEMA trap;
CREATE TABLE trap.jar_repository (jar_name text, jar_image bytea);
CREATE FUNCTION trap.equal(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT 1 / 0 = 0';
CREATE OPERATOR trap.= (LEFTARG = text, RIGHTARG = text, FUNCTION = trap.equal);
CREATE FUNCTION trap.encode(bytea, text) RETURNS text LANGUAGE sql AS 'SELECT (1 / 0)::text';
\c -
SET search_path = trap, pg_catalog;
SELECT public.version();
SELECT sqlj.get_classpath('public');
SELECT sqlj.set_classpath('public', 'example');
SELECT sqlj.replace_jar(jar_image, 'example', false) FROM sqlj.jar_repository;
RESET search_path;
SELECT public.version();
\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA trap CASCADE;
REVOKE CREATE ON SCHEMA public FROM sqljrt_user;
REVOKE ALL ON SCHEMA sqlj FROM sqljrt_user;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sqlj FROM sqljrt_user;
DROP ROLE sqljrt_user;

-- direct calls of what is not for calling
\set VERBOSITY sqlstate
SELECT sqlj.java_validator(0);
SELECT sqlj.java_validator('pg_catalog.sha256'::regproc);
SELECT sqlj.jars_changed();
SELECT sqlj.java_call_handler();
