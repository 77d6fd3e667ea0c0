SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.work_finished() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM bqx.begun_work b WHERE b.transaction = NEW.transaction) THEN
        RAISE EXCEPTION '% was begun and not finished',
            bqx.partition_name((NEW.work).family, (NEW.work).pair, (NEW.work).month)
            USING ERRCODE = 'invalid_transaction_termination',
                HINT = 'SELECT bqx.finish_rows() ends it, in the transaction that began it.';
    END IF;
    RETURN NULL;
END
$$;
DROP TRIGGER IF EXISTS work_finished ON bqx.begun_work;
CREATE CONSTRAINT TRIGGER work_finished AFTER INSERT ON bqx.begun_work DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION bqx.work_finished();
COMMENT ON FUNCTION bqx.work_finished IS
    'Keeps a transaction that has called bqx.begin_rows from being committed before bqx.finish_rows: a table that'
    ' is half written, and the right to write to it, end with the transaction that they are for.';
