SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.bars_truncated() RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    changed text;
BEGIN
    UPDATE bqx.m1_month m
    SET bars = 0, quotes = 0, revision = m.revision + 1, changed_at = clock_timestamp()
    WHERE bqx.partition_name('m1', m.pair, m.month) = TG_TABLE_NAME
    RETURNING m.pair || ' ' || to_char(m.month, 'YYYY-MM') INTO changed;
    IF FOUND THEN
        PERFORM pg_notify('bqx_bars', changed);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION bqx.bars_truncated IS
    'Trigger: as bqx.bars_changed for TRUNCATE, which fires on each month that loses its bars.';
