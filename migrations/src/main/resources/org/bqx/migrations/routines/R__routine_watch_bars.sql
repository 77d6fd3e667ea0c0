SET LOCAL ROLE bqx_owner;

-- A statement fires the triggers of the table it names alone, so the table of all pairs, each pair's and each month's
-- carry them.
CREATE OR REPLACE FUNCTION bqx.watch_bars(bars regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE TRIGGER bars_inserted AFTER INSERT ON %s'
        ' REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION bqx.bars_changed()', bars);
    EXECUTE format('CREATE OR REPLACE TRIGGER bars_updated AFTER UPDATE ON %s'
        ' REFERENCING NEW TABLE AS added OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION bqx.bars_changed()',
        bars);
    EXECUTE format('CREATE OR REPLACE TRIGGER bars_deleted AFTER DELETE ON %s'
        ' REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION bqx.bars_changed()', bars);
    EXECUTE format('CREATE OR REPLACE TRIGGER bars_truncated AFTER TRUNCATE ON %s'
        ' FOR EACH STATEMENT EXECUTE FUNCTION bqx.bars_truncated()', bars);
END
$$;
COMMENT ON FUNCTION bqx.watch_bars IS
    'Puts the triggers that count changes on a table of bars: of all pairs, a pair or a month.';
