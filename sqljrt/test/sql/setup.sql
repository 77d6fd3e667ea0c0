-- What every other test needs: the extension, a jar and a class path.
CREATE EXTENSION sqljrt;
\set image `base64 -w0 "$SQLJRT_TEST_JARS/example1.jar"`
SELECT sqlj.install_jar(decode(:'image', 'base64'), 'example', false);
SELECT sqlj.set_classpath('public', 'example');
SELECT sqlj.get_classpath('public');

-- the other implementation's objects stand in the way
DROP EXTENSION sqljrt CASCADE;
CREATE SCHEMA sqlj;
\set SHOW_CONTEXT never
CREATE EXTENSION sqljrt;
DROP SCHEMA sqlj;
CREATE EXTENSION sqljrt;

-- nothing was left behind
SELECT sqlj.get_classpath('public');
SELECT sqlj.install_jar(decode(:'image', 'base64'), 'example', false);
SELECT sqlj.set_classpath('public', 'example');

-- the language belongs to superusers
SELECT lanpltrusted FROM pg_language WHERE lanname = 'java';
