\set VERBOSITY terse
\set one `base64 -w0 "$SQLJRT_TEST_JARS/example1.jar"`
\set two `base64 -w0 "$SQLJRT_TEST_JARS/example2.jar"`
CREATE SCHEMA ddr;

-- INSTALL resolves the jar's classes before there is a class path
SELECT sqlj.install_jar(decode(:'one', 'base64'), 'deployed', true);
SELECT * FROM ddr.log;
SELECT sqlj.set_classpath('ddr', 'deployed');
SELECT ddr.version(), ddr."Calls"(), ddr."Calls"();

-- a replaced jar's classes are new at the next statement
SELECT sqlj.replace_jar(decode(:'two', 'base64'), 'deployed', false);
SELECT ddr.version(), ddr."Calls"();
BEGIN;
SELECT sqlj.replace_jar(decode(:'one', 'base64'), 'deployed', false);
SELECT ddr.version();
ROLLBACK;
SELECT ddr.version(), ddr."Calls"();
-- what is not about this class path leaves its classes alone
ANALYZE sqlj.jar_repository;
SELECT ddr.version(), ddr."Calls"();
-- redeployment runs REMOVE of the old and INSTALL of the new
SELECT sqlj.replace_jar(decode(:'one', 'base64'), 'deployed', true);
SELECT * FROM ddr.log;
SELECT ddr.version(), ddr."Calls"();
-- even in an old snapshot
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT ddr.version();
SELECT sqlj.replace_jar(decode(:'two', 'base64'), 'deployed', false);
SELECT ddr.version();
COMMIT;

-- class paths
SELECT sqlj.set_classpath('ddr', 'example:deployed');
SELECT sqlj.get_classpath('ddr'), ddr.version();
SELECT sqlj.set_classpath('ddr', 'deployed:example');
SELECT sqlj.get_classpath('ddr'), ddr.version();
SELECT sqlj.set_classpath('ddr', '');
SELECT sqlj.get_classpath('ddr') IS NULL, ddr.version() AS as_public;
SELECT sqlj.set_classpath('public', NULL);
SELECT ddr.version();
SELECT sqlj.set_classpath('public', 'example');
SELECT sqlj.set_classpath('ddr', 'missing');
SELECT sqlj.set_classpath('ddr', 'example:missing');
SELECT sqlj.set_classpath('ddr', 'example:example');
SELECT sqlj.set_classpath('ddr', 'example:');
SELECT sqlj.set_classpath('ddr', ':example');
SELECT sqlj.set_classpath('ddr', 'example::deployed');
SELECT sqlj.set_classpath('missing', 'example');
SELECT sqlj.set_classpath(NULL, 'example');
SELECT sqlj.get_classpath('missing');
SELECT sqlj.get_classpath(NULL);
SELECT sqlj.get_classpath('ddr') IS NULL;

-- removal
SELECT sqlj.set_classpath('ddr', 'deployed');
SELECT sqlj.remove_jar('deployed', true);
SELECT sqlj.set_classpath('ddr', '');
SELECT sqlj.remove_jar('deployed', true);
SELECT to_regclass('ddr.log') IS NULL, to_regprocedure('ddr.version()') IS NULL;
SELECT sqlj.remove_jar('deployed', true);
SELECT sqlj.remove_jar(NULL, true);
SELECT sqlj.remove_jar('example', NULL);

-- names
SELECT sqlj.install_jar(decode(:'one', 'base64'), 'example', false);
SELECT sqlj.install_jar(decode(:'one', 'base64'), '', false);
SELECT sqlj.install_jar(decode(:'one', 'base64'), 'a:b', false);
SELECT sqlj.install_jar(decode(:'one', 'base64'), 'a b', false);
SELECT sqlj.install_jar(decode(:'one', 'base64'), NULL, false);
SELECT sqlj.install_jar(decode(:'one', 'base64'), 'a', NULL);
SELECT sqlj.install_jar(NULL::bytea, 'a', false);
SELECT sqlj.install_jar(NULL::text, 'a', false);
SELECT sqlj.replace_jar(decode(:'one', 'base64'), 'missing', false);

-- jars that are none
\set image `base64 -w0 "$SQLJRT_TEST_JARS/text.jar"`
SELECT sqlj.install_jar(decode(:'image', 'base64'), 'a', false);
SELECT sqlj.install_jar(''::bytea, 'a', false);
\set image `base64 -w0 "$SQLJRT_TEST_JARS/truncated.jar"`
SELECT sqlj.install_jar(decode(:'image', 'base64'), 'a', false);
\set image `base64 -w0 "$SQLJRT_TEST_JARS/nomanifest.jar"`
SELECT sqlj.install_jar(decode(:'image', 'base64'), 'a', true);
\set image `base64 -w0 "$SQLJRT_TEST_JARS/nodescriptor.jar"`
SELECT sqlj.install_jar(decode(:'image', 'base64'), 'a', true);
\set image `base64 -w0 "$SQLJRT_TEST_JARS/missing.jar"`
SELECT sqlj.install_jar(decode(:'image', 'base64'), 'a', true);
\set image `base64 -w0 "$SQLJRT_TEST_JARS/broken.jar"`
SELECT sqlj.install_jar(decode(:'image', 'base64'), 'a', true);
-- the example jar with one byte changed, wherever: refused or whole, never a crash
DO $$
DECLARE
    image bytea := (SELECT jar_image FROM sqlj.jar_repository WHERE jar_name = 'example');
    refused int := 0;
BEGIN
    FOR i IN 0 .. length(image) - 1 BY 61 LOOP
        BEGIN
            PERFORM sqlj.replace_jar(set_byte(image, i, 255 - get_byte(image, i)), 'example', false);
        EXCEPTION WHEN SQLSTATE '46001' THEN
            refused := refused + 1;
        END;
    END LOOP;
    RAISE NOTICE 'refused more than half: %', refused > length(image) / 61 / 2;
    PERFORM sqlj.replace_jar(image, 'example', false);
END
$$;
-- and cut off, wherever
DO $$
DECLARE
    image bytea := (SELECT jar_image FROM sqlj.jar_repository WHERE jar_name = 'example');
BEGIN
    FOR i IN 0 .. length(image) - 1 BY 97 LOOP
        BEGIN
            PERFORM sqlj.replace_jar(substr(image, 1, i), 'example', false);
            RAISE WARNING 'the first % bytes pass as a jar', i;
        EXCEPTION WHEN SQLSTATE '46001' THEN
        END;
    END LOOP;
END
$$;

-- an action that fails undoes all
\set image `base64 -w0 "$SQLJRT_TEST_JARS/failing.jar"`
SELECT sqlj.install_jar(decode(:'image', 'base64'), 'failing', true);
SELECT to_regclass('ddr.half') IS NULL;
SELECT jar_name, jar_origin, length(jar_image) > 0 AS image, jar_digest = sha256(jar_image) AS digest FROM sqlj.jar_repository;

-- URLs
\set url `echo "file://$SQLJRT_TEST_JARS/example1.jar"`
SELECT sqlj.install_jar(:'url', 'by_url', false);
SELECT sqlj.replace_jar(:'url', 'by_url', false);
SELECT sqlj.remove_jar('by_url', false);
SELECT sqlj.install_jar('file:/missing/example.jar', 'a', false);
SELECT sqlj.install_jar('file:/', 'a', false);
SELECT sqlj.install_jar('http://localhost/example.jar', 'a', false);
SELECT sqlj.install_jar('/missing/example.jar', 'a', false);
SELECT sqlj.install_jar('file:%', 'a', false);
SELECT sqlj.install_jar('', 'a', false);

-- SQLSTATEs
\set VERBOSITY sqlstate
SELECT sqlj.install_jar('', 'a', false);
SELECT sqlj.install_jar('no jar'::bytea, 'a', false);
SELECT sqlj.install_jar(decode(:'one', 'base64'), 'example', false);
SELECT sqlj.remove_jar('example', false);
SELECT sqlj.remove_jar('missing', false);
SELECT sqlj.set_classpath('ddr', 'missing');
\set VERBOSITY terse

-- a schema that is gone leaves a class path that can be taken away
SELECT sqlj.install_jar(decode(:'one', 'base64'), 'forgotten', false);
SELECT sqlj.set_classpath('ddr', 'forgotten');
DROP SCHEMA ddr;
SELECT sqlj.remove_jar('forgotten', false);
SELECT sqlj.set_classpath('ddr', 'forgotten');
SELECT sqlj.set_classpath('ddr', '');
SELECT sqlj.remove_jar('forgotten', false);
SELECT * FROM sqlj.classpath_entry;
