SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.note_failure(family text, pair text, month date, sqlstate text, message text) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO bqx.unrecorded_failure AS f (family, pair, month, sqlstate, error)
    VALUES (note_failure.family, note_failure.pair, note_failure.month, note_failure.sqlstate, coalesce(message, ''))
    ON CONFLICT (family, pair, month) DO UPDATE
    SET sqlstate = excluded.sqlstate, error = excluded.error, failed_at = excluded.failed_at;
END;
COMMENT ON FUNCTION bqx.note_failure IS 'Keeps here what a node that does not answer can not record.';
