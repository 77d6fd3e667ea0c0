\set VERBOSITY terse
CREATE FUNCTION sql_state(text, text) RETURNS int LANGUAGE java AS 'example.Faults.sqlState';
CREATE FUNCTION runtime(text) RETURNS int LANGUAGE java AS 'example.Faults.runtime';
CREATE FUNCTION silent() RETURNS int LANGUAGE java AS 'example.Faults.silent';
CREATE FUNCTION evil() RETURNS int LANGUAGE java AS 'example.Faults.evil';
CREATE FUNCTION recurse(int) RETURNS int LANGUAGE java AS 'example.Faults.recurse';
CREATE FUNCTION exhaust() RETURNS int LANGUAGE java AS 'example.Faults.exhaust';
CREATE FUNCTION exit(int) RETURNS int LANGUAGE java AS 'example.Faults.exit';
CREATE FUNCTION halt(int) RETURNS int LANGUAGE java AS 'example.Faults.halt';
CREATE FUNCTION one() RETURNS int LANGUAGE java AS 'example.Version.version';

-- messages begin with the exception's class
SELECT sql_state('bad window: 5', '22023');
SELECT sql_state(NULL, '22023');
SELECT runtime('what happened');
SELECT runtime(NULL);
SELECT silent();
SELECT evil();
SELECT runtime(U&'\20AC and \+01F600 and %s %n');
SELECT 1 / one(), runtime('session goes on');

-- SQLSTATEs
\set VERBOSITY sqlstate
SELECT sql_state('m', '22023');
SELECT sql_state('m', 'BQ001');
SELECT sql_state('m', NULL);
SELECT sql_state('m', '');
SELECT sql_state('m', '00000');
SELECT sql_state('m', 'abcde');
SELECT sql_state('m', '220230');
SELECT runtime('m');
SELECT recurse(1);
SELECT exhaust();
SELECT exit(0);
SELECT one() / 0;
\set VERBOSITY terse

-- what ends other programs ends only the statement
SELECT recurse(1);
SELECT recurse(1);
SELECT exhaust();
SELECT exhaust();
SELECT exit(0);
SELECT exit(1);
SELECT halt(2);
SELECT one();

-- code that does not end
CREATE FUNCTION loop(float8) RETURNS float8 LANGUAGE java AS 'example.Faults.loop';
CREATE FUNCTION stubborn(int) RETURNS int LANGUAGE java AS 'example.Faults.stubborn';
CREATE FUNCTION java_sleep(int) RETURNS int LANGUAGE java AS 'example.Faults.sleep';
CREATE FUNCTION stuck() RETURNS SETOF int LANGUAGE java AS 'example.Rows.stuck';
SET statement_timeout = 200;
SELECT loop(1);
SELECT stubborn(2);
SELECT java_sleep(20000);
SELECT stuck();
CREATE FUNCTION stuck_class() RETURNS float8 LANGUAGE java AS 'example.Stuck.value';
CREATE FUNCTION stuck_class() RETURNS float8 LANGUAGE java AS 'example.Stuck.value';
RESET statement_timeout;
SELECT one(), runtime('and now');
SELECT stuck() LIMIT 2;

-- caught
DO $$
DECLARE
    text text;
    state text;
    detail text;
BEGIN
    PERFORM sql_state('caught', '22023');
EXCEPTION WHEN invalid_parameter_value THEN
    GET STACKED DIAGNOSTICS text = MESSAGE_TEXT, state = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL;
    RAISE NOTICE '% % %', state, text, split_part(detail, E'\n', 2);
END
$$;
DO $$
BEGIN
    FOR i IN 1..1000 LOOP
        BEGIN
            PERFORM runtime('again');
        EXCEPTION WHEN external_routine_exception THEN
        END;
    END LOOP;
END
$$;

-- deep recursion of the server itself, in the same stack
CREATE FUNCTION deep(n int) RETURNS int LANGUAGE plpgsql AS
    'BEGIN IF n = 0 THEN RETURN recurse(1); END IF; RETURN deep(n - 1); END';
SELECT deep(100);
SELECT deep(1000000);
SET max_stack_depth = '7MB';
SELECT deep(1000000);
RESET max_stack_depth;
SELECT one();
